using System.Reactive;
using System.Reactive.Subjects;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>One connection, as the service sees it.</summary>
internal sealed class ServiceSession(Connection connection, ServiceState state, Subject<BsonDocument> heard)
{
    private static readonly HashSet<string> ForAll = ["hello", "isMaster", "ismaster", "ping", "saslStart", "saslContinue", "buildInfo", "buildinfo", "endSessions", "getnonce"];

    private static readonly HashSet<string> Writes = ["insert", "update", "delete", "findAndModify", "findandmodify", "create", "createIndexes", "drop", "dropIndexes", "dropDatabase", "renameCollection", "commitTransaction", "abortTransaction"];
    private static readonly HashSet<string> Reads = ["find", "aggregate", "count", "distinct", "listIndexes", "listCollections", "listDatabases"];

    private readonly MongoFraming _framing = new(compressor: state.Options.Compresses ? MongoCompressor.Zlib : MongoCompressor.None);
    private readonly ServiceLogIn _logIn = new(state.Users);
    private readonly TimeProvider _clock = Hub.Current!.TimeProvider;
    private readonly int _number = state.NextConnection();
    private int _last;

    public async Task Serve()
    {
        while (true)
        {
            MongoMessage message;
            try
            {
                message = await connection.Read(_framing);
            }
            catch (EndOfStreamException)
            {
                return;
            }

            if (!await Answer(message))
            {
                return;
            }
        }
    }

    private async Task<bool> Answer(MongoMessage message)
    {
        var request = new ServiceRequest(message);
        if (heard.HasObservers)
        {
            heard.OnNext(request.Whole);
        }

        if (request.Name == "getMore" && message.Flags.HasFlag(MongoFlags.ExhaustAllowed))
        {
            return await Streamed(message, request);
        }

        if (state.Expected(request.Name) is { } scripted)
        {
            return scripted.IsHeld || Send(message, Scripted(scripted, request));
        }

        if (request.Name is "hello" or "isMaster" or "ismaster" && request["topologyVersion"] is BsonDocument known && request.Number("maxAwaitTimeMS") is { } most)
        {
            return await Watched(message, request, known, TimeSpan.FromMilliseconds(most));
        }

        await Grown(request);
        return Send(message, Attempt(request));
    }

    // Of what waits for more there may be some soon.
    private async Task Grown(ServiceRequest request)
    {
        if (request.Name == "getMore" && state.Cursors.IsWaiting(request["getMore"].ToInt64()))
        {
            await Within(TimeSpan.FromMilliseconds(request.Number("maxTimeMS") ?? 1000), state.Cursors.Grown);
        }
    }

    // One batch after another, as fast as they are read.
    private async Task<bool> Streamed(MongoMessage message, ServiceRequest request)
    {
        var answers = message.RequestId;
        while (!connection.Closed.IsCancellationRequested)
        {
            await Grown(request);
            var scripted = state.Expected(request.Name);
            if (scripted is { IsHeld: true })
            {
                return true;
            }

            if ((scripted is null ? Attempt(request) : Scripted(scripted, request)) is not { } reply)
            {
                connection.Abort();
                return false;
            }

            var hasMore = reply["ok"u8].ToBoolean() && reply["cursor"u8].ToDocument()["id"u8].ToInt64() != 0;
            answers = Send(answers, message, reply, hasMore ? MongoFlags.MoreToCome : MongoFlags.None);
            if (!hasMore)
            {
                return true;
            }

            await connection.Room();
        }

        return false;
    }

    // Says how it is when that has changed, or a while is over; to who takes several answers again and again.
    private async Task<bool> Watched(MongoMessage message, ServiceRequest request, BsonDocument known, TimeSpan most)
    {
        var (answers, streams) = (message.RequestId, message.Flags.HasFlag(MongoFlags.ExhaustAllowed));
        do
        {
            if (known["processId"] == state.TopologyVersion["processId"] && known["counter"].ToInt64() >= state.TopologyVersion["counter"].ToInt64())
            {
                await Within(most, state.Changed);
            }

            if (connection.Closed.IsCancellationRequested)
            {
                return false;
            }

            known = state.TopologyVersion;
            answers = Send(answers, message, Attempt(request), streams ? MongoFlags.MoreToCome : MongoFlags.None);
        }
        while (streams);
        return true;
    }

    private RawBson? Scripted(Scripted scripted, ServiceRequest request)
    {
        RawBson? carried = scripted.IsCarried ? Attempt(request) : null;
        return scripted.Answer(request.Body) is { } answer ? carried ?? RawBson.Of(answer) : null;
    }

    private async Task Within(TimeSpan most, Awaitable<Unit> change)
    {
        try
        {
            await change.Until(connection.Closed).Timeout(most, Hub.Current);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            // As it was.
        }
    }

    private bool Send(MongoMessage message, RawBson? body)
    {
        if (body is null)
        {
            connection.Abort();
            return false;
        }

        if (!message.Flags.HasFlag(MongoFlags.MoreToCome))
        {
            Send(message.RequestId, message, body.Value, MongoFlags.None);
        }

        return true;
    }

    private int Send(int answers, MongoMessage message, RawBson body, MongoFlags flags)
    {
        var isOld = message.Operation == MongoOperation.Query;
        MongoCodec.Write(
            new() { RequestId = ++_last, ResponseTo = answers, Operation = isOld ? MongoOperation.Reply : MongoOperation.Message, Body = body, Compressor = message.Compressor, Flags = flags },
            connection.Output);
        return _last;
    }

    private RawBson Attempt(ServiceRequest request)
    {
        try
        {
            return Carry(request);
        }
        catch (MongoErrorException error)
        {
            return RawBson.Of(new BsonDocument
            {
                { "ok", 0.0 }, { "errmsg", error.Message }, { "code", error.Code }, { "codeName", error.CodeName }, { "errorLabels", new BsonArray(error.Labels), error.Labels.Count > 0 },
            }.Merge(error.Reply));
        }
        catch (Exception error) when (error is InvalidCastException or FormatException or KeyNotFoundException or OverflowException or InvalidOperationException or ArgumentException)
        {
            return RawBson.Of(new BsonDocument { { "ok", 0.0 }, { "errmsg", $"The command has something wrong: {error.Message}" }, { "code", 2 }, { "codeName", "BadValue" } });
        }
    }

    private RawBson Carry(ServiceRequest request)
    {
        if (!_logIn.IsIn && !ForAll.Contains(request.Name))
        {
            throw new MongoErrorException($"command {request.Name} requires authentication", 13, "Unauthorized");
        }

        ThrowIfElsewhere(request);
        var store = request["autocommit"] == false && request.Name is not ("commitTransaction" or "abortTransaction") ? state.Data.Transactions.Enter(request, state.Store) : state.Store;
        return request.Name switch
        {
            "hello" or "isMaster" or "ismaster" => RawBson.Of(Hello(request)),
            "saslStart" => RawBson.Of(_logIn.Start(request.Body, request.Database)),
            "saslContinue" => RawBson.Of(_logIn.GoOn(request.Body)),
            "insert" or "update" or "delete" or "findAndModify" or "findandmodify" => RawBson.Of(Written(request, store)),
            "find" or "getMore" or "aggregate" or "count" or "distinct" or "listIndexes" or "listCollections" => new ReadCommands(state, store).Carry(request),
            _ => RawBson.Of(new ServiceCommands(state).Carry(request)),
        };
    }

    // Who repeats a write with its number is told what it came to the first time.
    private BsonDocument Written(ServiceRequest request, MongoStore store)
    {
        if (state.Data.Written(request) is { } before)
        {
            return before;
        }

        var reply = new WriteCommands(state, store, _clock).Carry(request);
        state.Data.Note(request, reply);
        return reply;
    }

    private void ThrowIfElsewhere(ServiceRequest request)
    {
        if (!state.IsSecondary)
        {
            return;
        }

        var more = new BsonDocument("topologyVersion", state.TopologyVersion);
        if (Writes.Contains(request.Name))
        {
            throw new MongoErrorException("not master", 10107, "NotWritablePrimary", request.Body.Contains("txnNumber") ? ["RetryableWriteError"] : [], more);
        }

        if (Reads.Contains(request.Name) && request.Document("$readPreference").GetValue("mode", "primary") == "primary")
        {
            throw new MongoErrorException("not master and slaveOk=false", 13435, "NotPrimaryNoSecondaryOk", [], more);
        }
    }

    private BsonDocument Hello(ServiceRequest request)
    {
        var reply = ServiceGreeting.Of(request, state, _number, _clock);
        if (request["speculativeAuthenticate"] is BsonDocument begun && _logIn.TryStart(begun, begun.GetValue("db", "admin").AsString) is { } first)
        {
            reply.Add("speculativeAuthenticate", first);
        }

        return reply.Add("ok", 1.0);
    }
}
