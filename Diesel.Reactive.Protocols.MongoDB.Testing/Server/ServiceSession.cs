using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>One connection, as the service sees it.</summary>
internal sealed class ServiceSession(Connection connection, ServiceState state, IObserver<BsonDocument> heard)
{
    private static readonly HashSet<string> ForAll = ["hello", "isMaster", "ismaster", "ping", "saslStart", "saslContinue", "buildInfo", "buildinfo", "endSessions", "getnonce"];

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

            if (!Answer(message))
            {
                return;
            }
        }
    }

    private bool Answer(MongoMessage message)
    {
        if (Reply(message) is not { } body)
        {
            connection.Abort();
            return false;
        }

        if (!message.Flags.HasFlag(MongoFlags.MoreToCome))
        {
            var isOld = message.Operation == MongoOperation.Query;
            MongoCodec.Write(
                new() { RequestId = ++_last, ResponseTo = message.RequestId, Operation = isOld ? MongoOperation.Reply : MongoOperation.Message, Body = body, Compressor = message.Compressor },
                connection.Output);
        }

        return true;
    }

    private RawBson? Reply(MongoMessage message)
    {
        try
        {
            var request = new ServiceRequest(message);
            heard.OnNext(request.Body);
            if (state.Expected(request.Name) is { } scripted)
            {
                return scripted(request.Body) is { } answer ? RawBson.Of(answer) : null;
            }

            return Carry(request);
        }
        catch (MongoErrorException error)
        {
            return RawBson.Of(new BsonDocument
            {
                { "ok", 0.0 }, { "errmsg", error.Message }, { "code", error.Code }, { "codeName", error.CodeName },
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

        return request.Name switch
        {
            "hello" or "isMaster" or "ismaster" => RawBson.Of(Hello(request)),
            "saslStart" => RawBson.Of(_logIn.Start(request.Body, request.Database)),
            "saslContinue" => RawBson.Of(_logIn.GoOn(request.Body)),
            "insert" or "update" or "delete" or "findAndModify" or "findandmodify" => RawBson.Of(new WriteCommands(state, _clock).Carry(request)),
            "find" or "getMore" or "aggregate" or "count" or "distinct" or "listIndexes" or "listCollections" => new ReadCommands(state).Carry(request),
            _ => RawBson.Of(new ServiceCommands(state).Carry(request)),
        };
    }

    private BsonDocument Hello(ServiceRequest request)
    {
        var reply = new BsonDocument
        {
            { request.Name == "hello" ? "isWritablePrimary" : "ismaster", true }, { "helloOk", true },
            { "maxBsonObjectSize", 16 * 1024 * 1024 }, { "maxMessageSizeBytes", MongoCodec.MaxLength }, { "maxWriteBatchSize", state.Options.MaxBatch },
            { "localTime", new BsonDateTime(_clock.GetUtcNow().UtcDateTime) }, { "logicalSessionTimeoutMinutes", 30 }, { "connectionId", _number },
            { "minWireVersion", 0 }, { "maxWireVersion", state.Options.MaxWireVersion }, { "readOnly", false },
        };
        if (state.Options.Compresses && request["compression"] is BsonArray offered && offered.Contains("zlib"))
        {
            reply.Add("compression", new BsonArray { "zlib" });
        }

        if (request["saslSupportedMechs"] is BsonString user)
        {
            reply.Add("saslSupportedMechs", new BsonArray(state.Users.Knows(user.Value) ? ["SCRAM-SHA-1", "SCRAM-SHA-256"] : Array.Empty<string>()));
        }

        if (request["speculativeAuthenticate"] is BsonDocument begun && _logIn.TryStart(begun, begun.GetValue("db", "admin").AsString) is { } first)
        {
            reply.Add("speculativeAuthenticate", first);
        }

        return reply.Add("ok", 1.0);
    }
}
