using System.Buffers;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A small Redis server on the virtual network: strings, transactions, log-in; what else it is told to answer.</summary>
internal sealed class RedisStub : IDisposable
{
    public const string Address = "10.0.0.1";

    private readonly World _world;
    private readonly Dictionary<Bytes, Bytes> _data = [];
    private readonly TcpService _service;

    public RedisStub(World world)
    {
        _world = world;
        _service = world.Starts(new TcpService(6379, Serve, hub: world.Hub));
    }

    /// <summary>The commands that came, with their arguments, from all connections.</summary>
    public List<string> Heard { get; } = [];

    /// <summary>The connections that are open, the oldest first.</summary>
    public List<Connection> Connections { get; } = [];

    /// <summary>The connections whose command waits, by the number the server has for them.</summary>
    public SortedDictionary<long, Connection> Blocked { get; } = [];

    /// <summary>How many connections there were.</summary>
    public int Dials { get; private set; }

    /// <summary>Whether it is an old one, that knows no HELLO.</summary>
    public bool IsOld { get; set; }

    /// <summary>How many transactions come too late for the keys they watch.</summary>
    public int Changes { get; set; }

    /// <summary>What is needed to log in.</summary>
    public string? Password { get; set; }

    /// <summary>Answers before the server would; null: the server answers.</summary>
    public Func<string, byte[]?> Answers { get; set; } = static _ => null;

    /// <summary>A client of it.</summary>
    public RedisClient Client(string more = "", RedisOptions? options = null) => new($"redis://{more.Insert(more.IndexOf('@', StringComparison.Ordinal) + 1, Address)}", options, _world.Hub);

    /// <summary>Ends all connections with a reset.</summary>
    public void Resets()
    {
        _world.Do(() => Connections.ToList().ForEach(connection => connection.Abort()));
    }

    /// <summary>Ends the wait of the connection that waits longest, with a reply.</summary>
    public void Wakes(string reply)
    {
        var (id, connection) = Blocked.First();
        Blocked.Remove(id);
        _world.Do(() => connection.OnNext(reply.ToBytes()));
    }

    public void Dispose() => _service.DisposeAsync();

    private IObservable<ReadOnlyMemory<byte>> Serve(Connection connection)
    {
        Dials++;
        Connections.Add(connection);
        connection.Closed.Register(() => Connections.Remove(connection));
        var (session, id) = (new Session(this, connection, Dials), (long)Dials);
        connection.Closed.Register(() => Blocked.Remove(id));
        return connection.Decode(new RespFraming()).Select(session.Answer).Where(reply => !reply.IsEmpty);
    }

    /// <summary>One connection, as the server sees it.</summary>
    private sealed class Session(RedisStub server, Connection connection, long id)
    {
        private RespVersion _version = RespVersion.Resp2;
        private bool _isIn = server.Password is null;
        private List<Bytes[]>? _queued;

        public ReadOnlyMemory<byte> Answer(RespValue command)
        {
            Bytes[] words = [.. command.Items.Select(word => word.ToBytes())];
            var text = string.Join(' ', words);
            server.Heard.Add(text);
            if (server.Answers(text) is { } answer)
            {
                return answer;
            }

            if (words[0].ToText().StartsWith('B') && _queued is null)
            {
                server.Blocked[id] = connection;
                return default;
            }

            var output = new ArrayBufferWriter<byte>();
            RespCodec.Write(output, Reply(words), _version);
            return output.WrittenMemory;
        }

        private RespValue Reply(Bytes[] words) => words[0].ToText() switch
        {
            "HELLO" => Hello(words),
            "AUTH" => LogIn(words[^1]),
            _ when !_isIn => Resp.Error("NOAUTH Authentication required."),
            "MULTI" => Begin(),
            "EXEC" => Execute(),
            _ when _queued is not null => Queue(words),
            _ => Carry(words),
        };

        private RespValue Hello(Bytes[] words)
        {
            if (server.IsOld)
            {
                return Resp.Error($"ERR unknown command `HELLO`, with args beginning with: {string.Join(", ", words[1..].Select(word => $"`{word}`"))}");
            }

            if (words.Length > 4 && LogIn(words[4]) is { IsError: true } no)
            {
                return no;
            }

            _version = _isIn ? RespVersion.Resp3 : _version;
            return _isIn ? Resp.Map((Resp.Bulk("proto"), Resp.Integer(3))) : Resp.Error("NOAUTH HELLO must be called with the client already authenticated");
        }

        private RespValue LogIn(Bytes password)
        {
            _isIn = password == (server.Password ?? "");
            return _isIn ? Resp.Simple("OK") : Resp.Error("WRONGPASS invalid username-password pair or user is disabled.");
        }

        private RespValue Begin()
        {
            _queued = [];
            return Resp.Simple("OK");
        }

        private RespValue Queue(Bytes[] words)
        {
            if (words[0] == "NONE")
            {
                return Resp.Error("ERR unknown command 'NONE'");
            }

            _queued!.Add(words);
            return Resp.Simple("QUEUED");
        }

        private RespValue Execute()
        {
            var queued = _queued!;
            _queued = null;
            return server.Changes-- > 0 ? Resp.Null : Resp.Array([.. queued.Select(Carry)]);
        }

        private RespValue Carry(Bytes[] words) => words[0].ToText() switch
        {
            "PING" => Resp.Simple("PONG"),
            "CLIENT" when words[1] == "ID" => Resp.Integer(id),
            "CLIENT" when words[1] == "UNBLOCK" => Unblock(words[2].ToInt64()),
            "SELECT" or "CLIENT" or "WATCH" or "UNWATCH" => Resp.Simple("OK"),
            "GET" => server._data.TryGetValue(words[1], out var value) ? Resp.Bulk(value) : Resp.Null,
            "SET" => Store(words[1], words[2]),
            "INCR" => Count(words[1]),
            _ => Resp.Error($"ERR unknown command '{words[0]}'"),
        };

        private RespValue Unblock(long blocked)
        {
            var isBlocked = server.Blocked.Remove(blocked, out var other);
            other?.OnNext("*-1\r\n".ToBytes());
            return Resp.Integer(isBlocked ? 1 : 0);
        }

        private RespValue Store(Bytes key, Bytes value)
        {
            server._data[key] = value.ToArray();
            return Resp.Simple("OK");
        }

        private RespValue Count(Bytes key)
        {
            if (server._data.TryGetValue(key, out var value) && value.Span.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            {
                return Resp.Error("ERR value is not an integer or out of range");
            }

            var number = (value.IsEmpty ? 0 : value.ToInt64()) + 1;
            server._data[key] = number;
            return Resp.Integer(number);
        }
    }
}
