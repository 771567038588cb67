using System.Net;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What a connection is for.</summary>
internal enum RedisUse
{
    /// <summary>Commands, and in RESP3 all else as well.</summary>
    Commands,

    /// <summary>Subscriptions alone: in RESP2 what is published looks like a reply then.</summary>
    Listening,

    /// <summary>Commands of which the server remembers what was read, and tells of others' changes to it.</summary>
    Tracking,
}

/// <summary>What a server has to be.</summary>
internal enum RedisRole
{
    /// <summary>One that knows of no others, or does not say.</summary>
    Alone,

    /// <summary>The primary of a cluster's shard: it says of itself when it is none any more.</summary>
    Primary,

    /// <summary>A replica in a cluster, which is told that it is to be read from.</summary>
    Replica,

    /// <summary>A primary by Sentinel's word: it is asked whether it is one, as it would go on taking what is written.</summary>
    Master,

    /// <summary>A replica by Sentinel's word.</summary>
    Follower,
}

/// <summary>How a Redis client connects, and what its connections speak.</summary>
/// <param name="server">Where to.</param>
/// <param name="options">As whom.</param>
/// <param name="pushes">Who is told of its connections.</param>
/// <param name="use">What they are for.</param>
/// <param name="role">What the server has to be.</param>
internal sealed class RedisDialect(EndPoint server, RedisOptions options, RedisPushes pushes, RedisUse use, RedisRole role) : IClientDialect<RespValue>
{
    private static readonly Correlation<RespValue> InOrder = Correlation.InOrder<RespValue>(static value => value.Kind == RespKind.Push);
    private static readonly Correlation<RespValue> Listening = Correlation.InOrder<RespValue>(static value => value.Kind == RespKind.Push || IsPublished(value));

    private readonly RespFraming _framing = new(options.Limits);

    public EndPoint Server => server;

    public ProtocolOptions Options => options;

    /// <summary>What the last connection speaks; null: there was none.</summary>
    public RespVersion? Version { get; private set; }

    /// <summary>Whether the server tells of changes to what was read over the last connection.</summary>
    public bool IsTracked { get; private set; }

    /// <summary>Is told of each connection that is ready.</summary>
    public Action<Connection>? Began { get; init; }

    public PipelineOptions Pipelining { get; } = new()
    {
        MaxInFlight = options.MaxInFlight,
        MaxQueuedCalls = options.MaxQueuedCalls,
        MaxQueuedBytes = options.MaxQueuedBytes,
        ReplyTimeout = options.Timeout,
        CloseTimeout = options.CloseTimeout,
    };

    public async Task Prepare(Connection connection)
    {
        var handshake = new RedisHandshake(connection, options, _framing);
        Version = await handshake.Run();
        await handshake.Meet(role);
        IsTracked = use == RedisUse.Tracking && Version == RespVersion.Resp3 && await handshake.Track();
    }

    /// <param name="connection">One that is ready.</param>
    /// <param name="queue">Whose calls are its own; null: it has one of its own, and its end is the end of all its calls.</param>
    public Pipeline<RespValue> Begin(Connection connection, CallQueue<RespValue>? queue)
    {
        Began?.Invoke(connection);
        pushes.Begin();
        var pipeline = new Pipeline<RespValue>(connection, _framing, use == RedisUse.Listening && Version == RespVersion.Resp2 ? Listening : InOrder, Pipelining, queue);
        pipeline.Unasked.Subscribe(pushes);
        return pipeline;
    }

    public bool IsFinal(Exception failure) => failure is (ProtocolException and not TruncatedFrameException) or RedisErrorException { Code: not ("LOADING" or "BUSY" or "MASTERDOWN") };

    // A kind, a channel and something: the reply to PING is an array as well, of two.
    private static bool IsPublished(RespValue value) => value.Kind == RespKind.Array && value.Items.Length > 2;
}
