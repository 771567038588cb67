namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Who connects to a Redis server, and what bounds the client.</summary>
public sealed record RedisOptions : ProtocolOptions
{
    private readonly int _database;
    private readonly RespVersion? _protocol;
    private readonly int _maxLeases = 1000;
    private readonly ReadFrom _readFrom;
    private readonly TimeSpan _pingInterval = TimeSpan.FromSeconds(10);

    /// <summary>Makes the defaults: 4096 calls in flight, and output for the largest value there may be, as a client writes one call after the
    /// other.</summary>
    public RedisOptions() => (MaxInFlight, MaxPendingBytes) = (4096, 1024 * 1024 * 1024);

    /// <summary>Whose password it is; null: the server's default user.</summary>
    public string? User { get; init; }

    /// <summary>The secret; null: none is sent.</summary>
    public string? Password { get; init; }

    /// <summary>Which of the server's databases; default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int Database
    {
        get => _database;
        init => _database = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Database), value, "A database has a number from 0.");
    }

    /// <summary>What the server calls this connection (<c>CLIENT LIST</c>); null: nothing.</summary>
    public string? ClientName { get; init; }

    /// <summary>Which protocol is spoken; null, the default: <see cref="RespVersion.Resp3"/>, and <see cref="RespVersion.Resp2"/> with a server that has
    /// nothing else.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such version.</exception>
    public RespVersion? Protocol
    {
        get => _protocol;
        init => _protocol = value is null || Enum.IsDefined(value.Value) ? value : throw new ArgumentOutOfRangeException(nameof(Protocol), value, "There are RESP2 and RESP3.");
    }

    /// <summary>Connections besides the one that all share: each command that waits, and each lease, has one meanwhile; further ones wait for one.
    /// Default 1000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public int MaxLeases
    {
        get => _maxLeases;
        init => _maxLeases = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaxLeases), value, "There is at least one.");
    }

    /// <summary>How long a connection may be silent that is listened to (subscriptions, locks, cached values) before the server is asked whether it is
    /// there; without a reply within <see cref="ProtocolOptions.Timeout"/> the connection is lost.
    /// <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: it is not asked. Default 10 s.</summary>
    public TimeSpan PingInterval { get => _pingInterval; init => _pingInterval = Setting.PositiveOrInfinite(value); }

    /// <summary>Which servers of a cluster, or behind Sentinel, are asked by commands that only read. Default: the primary.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such.</exception>
    public ReadFrom ReadFrom
    {
        get => _readFrom;
        init => _readFrom = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(ReadFrom), value, $"There is no {nameof(ReadFrom)} {value}.");
    }

    /// <summary>That the server is one of a cluster, and how to deal with that; null, the default: several hosts are a cluster's, one is alone.</summary>
    public RedisClusterOptions? Cluster { get; init; }

    /// <summary>Who logs in at the Sentinels; null: their default user.</summary>
    public string? SentinelUser { get; init; }

    /// <summary>The secret for the Sentinels; null: none is sent.</summary>
    public string? SentinelPassword { get; init; }

    /// <summary>Whether spans say which commands were sent (<c>db.query.text</c>): with a question mark for each argument, keys included, as they may be secrets. Default
    /// false.</summary>
    public bool TracesCommands { get; init; }

    /// <summary>What the server may send in one reply.</summary>
    public RespLimits Limits { get; init; } = RespLimits.Default;

    /// <summary>The options without their secret.</summary>
    public override string ToString() =>
        $"{nameof(RedisOptions)} {{ {nameof(User)} = {User}, {nameof(Password)} = {(Password is null ? "" : "***")}, {nameof(Database)} = {Database}, {nameof(Tls)} = {Tls is not null} }}";
}
