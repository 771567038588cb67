using System.Net;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A Redis server, over one connection that many callers share.</summary>
/// <remarks>
/// <para>It connects when the first command needs it, and again when the connection was lost. Commands are written together, in the order they
/// are asked for, and none waits for the reply to another. What they are called is what Redis calls them, as extension methods:
/// <c>await redis.Get("key")</c>.</para>
/// <para>Errors of every command: <see cref="RedisErrorException"/> (the server said no), <see cref="TimeoutException"/>,
/// <see cref="ConnectionException"/>, <see cref="ReplyLostException"/> (it was sent, and nobody knows whether it was carried out; read-only
/// commands are sent again instead), <see cref="PipelineFullException"/>, <see cref="ProtocolException"/>.</para>
/// <para>Members may be called from any thread. Source: diesel's <c>RedisClient</c>.</para>
/// </remarks>
public sealed class RedisClient : IRedisCommands, IDisposable
{
    private readonly ClientLink<RespValue> _link;
    private readonly RedisOptions _options;
    private readonly Func<string, Exception> _late;
    private readonly TimeSpan _replyTimeout;
    private readonly TimeSpan _moreTime;
    private readonly bool _isShared;

    /// <summary>Prepares a client; nothing is dialled yet.</summary>
    /// <param name="connectionString">See <see cref="RedisConnectionString"/>; a bare host is one.</param>
    /// <param name="options">What the string does not say; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentException">The string is none.</exception>
    /// <exception cref="NotSupportedException">It asks for TLS, Sentinel or a cluster.</exception>
    public RedisClient(string connectionString = "redis://localhost", RedisOptions? options = null, Hub? hub = null)
        : this(RedisConnectionString.Parse(connectionString, options), hub)
    {
    }

    /// <summary>Prepares a client; nothing is dialled yet.</summary>
    /// <param name="connectionString">Where to connect to, and as whom.</param>
    /// <param name="hub">Where it runs; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="connectionString"/> is null.</exception>
    /// <exception cref="NotSupportedException">It asks for TLS, Sentinel or a cluster.</exception>
    public RedisClient(RedisConnectionString connectionString, Hub? hub = null)
        : this(Link(connectionString, hub ?? Hub.Current ?? Hub.Default), connectionString.Options, connectionString.Options.Timeout, isShared: false)
    {
    }

    // A connection is given up when the first in line gets no reply within the time of whoever made it: more is said along.
    private RedisClient(ClientLink<RespValue> link, RedisOptions options, TimeSpan replyTimeout, bool isShared)
    {
        (_link, _options, _replyTimeout, _isShared) = (link, options, replyTimeout, isShared);
        _moreTime = replyTimeout == Timeout.InfiniteTimeSpan ? TimeSpan.Zero
            : options.Timeout == Timeout.InfiniteTimeSpan ? options.Timeout
            : options.Timeout > replyTimeout ? options.Timeout - replyTimeout
            : TimeSpan.Zero;
        _late = what => link.Late(what, options.Timeout);
    }

    /// <summary>What happens to the connection, for a log; never ends, never fails.</summary>
    public IObservable<ClientEvent> Events => _link.Events;

    /// <summary>How it stands with the connection: the present state first, then each change. Completes when the client is disposed.</summary>
    /// <remarks>Hot. An observer that throws is reported in <see cref="Hub.Errors"/>, and gets no more.</remarks>
    public IObservable<ClientState> State => _link.State;

    /// <summary>Its numbers now.</summary>
    public PipelineCounts Counts => _link.Counts;

    /// <inheritdoc/>
    public Awaitable<T> Ask<T>(RedisCommand<T> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        OwnConnection.ThrowIfNeededBy(command);
        return _link.Ask(_moreTime == TimeSpan.Zero ? command : command.With(_moreTime)).Timeout(_options.Timeout, _late);
    }

    /// <summary>The same connection with other options for its calls.</summary>
    /// <param name="change">Changes <see cref="ProtocolOptions.Timeout"/>; all else belongs to the connection.</param>
    /// <returns>A client whose disposal leaves the connection open.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="change"/> is null.</exception>
    /// <exception cref="ArgumentException">Something else was changed.</exception>
    public RedisClient With(Func<RedisOptions, RedisOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var changed = change(_options);
        return changed with { Timeout = _options.Timeout } == _options
            ? new(_link, changed, _replyTimeout, isShared: true)
            : throw new ArgumentException($"Only {nameof(ProtocolOptions.Timeout)} can differ between calls of one connection: make another client.", nameof(change));
    }

    /// <summary>The same connection for commands that may be carried out twice: they are sent again when a connection was lost before their
    /// replies.</summary>
    /// <returns>Takes commands.</returns>
    public IRedisCommands Repeatable() => new RepeatableCommands(this);

    /// <summary>Closes the connection, when what is in flight was answered. Commands that wait get an
    /// <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        if (!_isShared)
        {
            _link.Dispose();
        }
    }

    /// <summary>A batch, or a transaction.</summary>
    internal Awaitable<T> Send<T>(RedisCalls<T> call) =>
        _link.Stream(call.With(_moreTime)).ToAwaitable(call.ToString()).Timeout(_options.Timeout, _late, _link.Hub);

    private static ClientLink<RespValue> Link(RedisConnectionString connectionString, Hub hub)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        if (connectionString.Options.Tls || connectionString.Service is not null || connectionString.Servers.Count > 1)
        {
            throw new NotSupportedException($"{connectionString}: TLS, Sentinel and clusters are not supported yet.");
        }

        var dialect = new Dialect(connectionString.Servers[0], connectionString.Options);
        return new(dialect, dialect.Pipelining, hub);
    }

    private sealed class RepeatableCommands(RedisClient client) : IRedisCommands
    {
        public Awaitable<T> Ask<T>(RedisCommand<T> command)
        {
            ArgumentNullException.ThrowIfNull(command);
            return client.Ask(command.Repeatable());
        }
    }

    private sealed class Dialect(EndPoint server, RedisOptions options) : IClientDialect<RespValue>
    {
        private static readonly Correlation<RespValue> InOrder = Correlation.InOrder<RespValue>(static value => value.Kind == RespKind.Push);

        private readonly RespFraming _framing = new(options.Limits);

        public EndPoint Server => server;

        public ProtocolOptions Options => options;

        public PipelineOptions Pipelining { get; } = new()
        {
            MaxInFlight = options.MaxInFlight,
            MaxQueuedCalls = options.MaxQueuedCalls,
            MaxQueuedBytes = options.MaxQueuedBytes,
            ReplyTimeout = options.Timeout,
            CloseTimeout = options.CloseTimeout,
        };

        public Task Prepare(Connection connection) => new RedisHandshake(connection, options, _framing).Run();

        public Pipeline<RespValue> Begin(Connection connection, CallQueue<RespValue> queue) => new(connection, _framing, InOrder, Pipelining, queue);

        public bool IsFinal(Exception failure) => failure is ProtocolException or RedisErrorException { Code: not ("LOADING" or "BUSY" or "MASTERDOWN") };
    }
}
