using System.Net;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A connection to a server on which nothing is asked but how it is.</summary>
internal sealed class MonitorLink : IDisposable
{
    private static readonly MongoFraming Framing = new();

    private readonly Connection _connection;
    private readonly Hub _hub;
    private int _answersTo;
    private bool _isMore;

    private MonitorLink(Connection connection, Hub hub) => (_connection, _hub) = (connection, hub);

    /// <summary>How long the last answer took; of one that the server held back nobody can tell.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>What the server said last.</summary>
    public BsonDocument Said { get; private set; } = [];

    /// <exception cref="ConnectionException">The server cannot be reached.</exception>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    public static async Task<MonitorLink> Open(EndPoint server, MongoOptions options, Action<MonitorLink> opened, Hub hub)
    {
        // Nobody logs in to ask how a server is.
        var anonymous = options with { User = null, Password = null, Mechanism = null, Compressor = MongoCompressor.None };
        var link = new MonitorLink(await Tcp.Connect(server, anonymous, hub), hub);
        opened(link);
        try
        {
            await link.Within(options.ConnectTimeout, async () =>
            {
                var began = hub.TimeProvider.GetTimestamp();
                link.Said = (await new MongoHandshake(link._connection, anonymous, new MongoLogIn(anonymous, hub)).Greet()).Said;
                link.Took = hub.TimeProvider.GetElapsedTime(began);
            });
            return link;
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    /// <summary>Asks anew.</summary>
    /// <param name="limit">How long an answer may take.</param>
    public Task Ask(TimeSpan limit) => Within(limit, async () =>
    {
        var began = _hub.TimeProvider.GetTimestamp();
        Send(new BsonDocument("hello", 1).Add("$db", "admin"), MongoFlags.None);
        await Read();
        Took = _hub.TimeProvider.GetElapsedTime(began);
    });

    /// <summary>Waits until the server has something to say, or for a heartbeat.</summary>
    /// <param name="known">What it last said of.</param>
    /// <param name="heartbeat">When it says something in any case.</param>
    /// <param name="limit">How much longer that may take.</param>
    public Task Wait(TopologyVersion known, TimeSpan heartbeat, TimeSpan limit) => Within(limit == Timeout.InfiniteTimeSpan ? limit : limit + heartbeat, async () =>
    {
        if (!_isMore)
        {
            Send(new BsonDocument { { "hello", 1 }, { "topologyVersion", known.ToDocument() }, { "maxAwaitTimeMS", (long)heartbeat.TotalMilliseconds }, { "$db", "admin" } }, MongoFlags.ExhaustAllowed);
        }

        await Read();
    });

    public void Dispose() => _connection.Abort();

    private void Send(BsonDocument command, MongoFlags flags)
    {
        _answersTo = MongoRequestId.Next();
        MongoCodec.Write(new() { RequestId = _answersTo, Flags = flags, Body = RawBson.Of(command) }, _connection.Output);
    }

    private async Task Read()
    {
        var reply = await _connection.Read(Framing);
        if (reply.ResponseTo != _answersTo)
        {
            throw new ProtocolException("The server answers something that was not asked.");
        }

        // Of several answers each but the first answers the one before.
        (_answersTo, _isMore) = (reply.RequestId, reply.Flags.HasFlag(MongoFlags.MoreToCome));
        Said = reply.Body["ok"u8].ToBoolean() ? reply.Body.ToDocument() : throw MongoErrorException.Of(reply.Body);
    }

    private async Task Within(TimeSpan limit, Func<Task> work)
    {
        var isLate = false;
        var deadline = new Deadline(_hub, _ =>
        {
            isLate = true;
            _connection.Abort();
        });
        deadline.Reset(limit);
        try
        {
            await work();
        }
        catch (Exception error) when (isLate)
        {
            throw new TimeoutException($"{_connection.RemoteEndPoint} did not say within {limit} how it is.", error);
        }
        catch (EndOfStreamException ended)
        {
            throw new ConnectionException($"{_connection.RemoteEndPoint} has ended the connection on which it was asked how it is.", _connection.RemoteEndPoint, ended);
        }
        finally
        {
            deadline.Cancel();
        }
    }
}
