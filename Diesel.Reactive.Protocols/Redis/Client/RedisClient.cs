using System.Reactive;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A Redis server, over one connection that many callers share; or a cluster, or what Sentinels watch, over one to each server.</summary>
/// <remarks>
/// <para>It connects when the first command needs it, and again when the connection was lost. Commands are written together, in the order they
/// are asked for, and none waits for the reply to another. What they are called is what Redis calls them, as extension methods:
/// <c>await redis.Get("key")</c>.</para>
/// <para>Errors of every command: <see cref="RedisErrorException"/> (the server said no), <see cref="TimeoutException"/>,
/// <see cref="ConnectionException"/>, <see cref="ReplyLostException"/> (it was sent, and nobody knows whether it was carried out; read-only
/// commands are sent again instead), <see cref="PipelineFullException"/>, <see cref="ProtocolException"/>.</para>
/// <para>Members may be called from any thread. Idea: diesel's <c>RedisClient</c>.</para>
/// </remarks>
public sealed class RedisClient : IRedisConnection, IDisposable
{
    private readonly RedisTopology _link;
    private readonly RedisOptions _options;

    // Of one server alone; of several, each call has its limit by itself.
    private readonly ICalls<RespValue>? _timed;
    private readonly TimeSpan _replyTimeout;
    private readonly TimeSpan _moreTime;
    private readonly bool _isShared;

    /// <summary>Prepares a client; nothing is dialled yet.</summary>
    /// <param name="connectionString">See <see cref="RedisConnectionString"/>; a bare host is one.</param>
    /// <param name="options">What the string does not say; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentException">The string is none.</exception>
    public RedisClient(string connectionString = "redis://localhost", RedisOptions? options = null, Hub? hub = null)
        : this(RedisConnectionString.Parse(connectionString, options), hub)
    {
    }

    /// <summary>Prepares a client; nothing is dialled yet.</summary>
    /// <param name="connectionString">Where to connect to, and as whom.</param>
    /// <param name="hub">Where it runs; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="connectionString"/> is null.</exception>
    public RedisClient(RedisConnectionString connectionString, Hub? hub = null)
        : this(RedisTopologies.Open(connectionString, hub ?? Hub.Current ?? Hub.Default), connectionString.Options, connectionString.Options.Timeout, isShared: false)
    {
    }

    // A connection is given up when the first in line gets no reply within the time of whoever made it: more is said along.
    private RedisClient(RedisTopology link, RedisOptions options, TimeSpan replyTimeout, bool isShared)
    {
        (_link, _options, _replyTimeout, _isShared) = (link, options, replyTimeout, isShared);
        _moreTime = replyTimeout == Timeout.InfiniteTimeSpan ? TimeSpan.Zero
            : options.Timeout == Timeout.InfiniteTimeSpan ? options.Timeout
            : options.Timeout > replyTimeout ? options.Timeout - replyTimeout
            : TimeSpan.Zero;
        _timed = (link as RedisLink)?.Timeout(options.Timeout, what => link.Late(what, options.Timeout));
    }

    /// <summary>What happens to the connection, for a log; never ends, never fails.</summary>
    public IObservable<ClientEvent> Events => _link.Events;

    /// <summary>How it stands with the connection: the present state first, then each change. Completes when the client is disposed.</summary>
    /// <remarks>Hot. An observer that throws is reported in <see cref="Hub.Errors"/>, and gets no more.</remarks>
    public IObservable<ClientState> State => _link.State;

    /// <summary>Its numbers now.</summary>
    public PipelineCounts Counts => _link.Counts;

    /// <summary>How much longer its calls may take than the connection's.</summary>
    internal TimeSpan MoreTime => _moreTime;

    /// <summary>Its connections, and what lives by them.</summary>
    internal RedisTopology Topology => _link;

    /// <inheritdoc/>
    public Hub Hub => _link.Hub;

    /// <inheritdoc/>
    public Awaitable<T> Ask<T>(RedisCommand<T> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (command.Blocks is { } wait)
        {
            return Blocked(command, wait);
        }

        OwnConnection.ThrowIfNeededBy(command);
        var asked = _moreTime == TimeSpan.Zero ? command : command.With(_moreTime);
        return ClientTelemetry.IsObserved ? Observed(asked) : Limited(asked);
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

    /// <summary>Lends a connection of its own for some work: what is asked there holds nobody up, and nobody else's commands come between.</summary>
    /// <typeparam name="T">What the work gives.</typeparam>
    /// <param name="work">Has the connection until its task ends; runs on the hub, in a loop of its own.</param>
    /// <param name="key">In a cluster: the connection is to the server that has this key, which says <c>MOVED</c> of others; null: to any primary.</param>
    /// <returns>Cold: each <c>await</c> lends one. Unsubscribing ends the work, and closes the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="work"/> is null.</exception>
    /// <remarks>At most <see cref="RedisOptions.MaxLeases"/> at a time; who has to wait longer than <see cref="ProtocolOptions.Timeout"/> gets a
    /// <see cref="PoolTimeoutException"/>. Errors: those of the work, and what kept the client from connecting. Idea: rueidis' <c>Dedicated</c>.</remarks>
    public Awaitable<T> Lease<T>(Func<RedisSession, Task<T>> work, Bytes? key = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        return _link.Lease(key, async connection =>
        {
            var session = new RedisSession(connection, _options, _moreTime);
            try
            {
                return await work(session);
            }
            finally
            {
                session.End();
            }
        });
    }

    /// <inheritdoc cref="Lease{T}"/>
    /// <returns>One <see cref="Unit"/> when the work is over.</returns>
    public Awaitable<Unit> Lease(Func<RedisSession, Task> work, Bytes? key = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        return Lease(
            async session =>
            {
                await work(session);
                return Unit.Default;
            },
            key);
    }

    /// <summary>Does some work that reads keys and then writes by a transaction, and does it again as long as somebody else has changed the keys
    /// meanwhile.</summary>
    /// <typeparam name="T">What the work gives.</typeparam>
    /// <param name="keys">What is watched; at least one.</param>
    /// <param name="work">Reads, and ends with <c>await session.Transaction(…)</c>; it may run several times. Without a transaction it is simply
    /// over.</param>
    /// <param name="attempts">How often it is done at most.</param>
    /// <returns>Cold: each <c>await</c> does it. What the work has given that was not in vain.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="keys"/> or <paramref name="work"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="attempts"/> is not positive.</exception>
    /// <remarks>Errors: as <see cref="Lease{T}"/>, and <see cref="RedisTransactionException"/> when the last attempt was in vain.</remarks>
    public Awaitable<T> Watch<T>(IEnumerable<Bytes> keys, Func<RedisSession, Task<T>> work, int attempts = 10)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(work);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(attempts);
        var watch = new RedisCommand<Unit>("WATCH", Reply.Ok, [.. keys]);
        return Lease(
            async session =>
            {
                for (var attempt = 1; ; attempt++)
                {
                    await session.Ask(watch);
                    try
                    {
                        var result = await work(session);
                        if (session.IsWatching)
                        {
                            await session.Ask(new RedisCommand<Unit>("UNWATCH", Reply.Ok));
                        }

                        return result;
                    }
                    catch (RedisTransactionException) when (attempt < attempts)
                    {
                    }
                }
            },
            keys.Select(static key => (Bytes?)key).FirstOrDefault());
    }

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
    Awaitable<T> IRedisConnection.Send<T>(RedisCalls<T> call) => ClientTelemetry.IsObserved ? Observed(call.With(_moreTime)) : Timed(call.With(_moreTime));

    /// <summary>A command that is sent with others of its own, to one server.</summary>
    internal Awaitable<T> Send<T>(RedisLink server, StreamCall<RespValue, T> call, string operation)
    {
        var asked = _timed is { } timed ? timed.Stream(call).ToAwaitable(call.ToString()) : Limited(server.Stream(call).ToAwaitable(call.ToString()));
        return ClientTelemetry.IsObserved ? asked.Measured(_link.Site, operation) : asked;
    }

    private Awaitable<T> Limited<T>(RedisCommand<T> command) => _timed is { } timed ? timed.Ask(command) : Limited(_link.Ask(command));

    private Awaitable<T> Blocked<T>(RedisCommand<T> command, TimeSpan wait)
    {
        var limit = _options.Timeout.And(wait);
        return ClientTelemetry.IsObserved ? Observed(command, Limited) : Limited(command);

        Awaitable<T> Limited(RedisCommand<T> one) => _link.AskAlone(one.With(_moreTime)).Timeout(limit, what => _link.Late(what, limit), Hub);
    }

    private Awaitable<T> Timed<T>(RedisCalls<T> call) => _timed is { } timed ? timed.Ask(call) : Limited(_link.Send(call));

    // Of several servers, the time limit is of the whole way.
    private Awaitable<T> Limited<T>(Awaitable<T> call) => call.Timeout(_options.Timeout, what => _link.Late(what, _options.Timeout), Hub);

    private Awaitable<T> Observed<T>(RedisCommand<T> command) => Observed(command, Limited);

    private Awaitable<T> Observed<T>(RedisCommand<T> command, Func<RedisCommand<T>, Awaitable<T>> send) => ClientTelemetry.Measured(
        attempts => send(attempts is null ? command : command.With(attempts)), _link.Site, command.Name, batchSize: 1, TextOf([command]));

    private Awaitable<T> Observed<T>(RedisCalls<T> calls) => ClientTelemetry.Measured(
        attempts => Timed(attempts is null ? calls : calls.With(attempts)), _link.Site, calls.Operation, calls.Size, TextOf(calls.Commands));

    private Func<string>? TextOf(IReadOnlyList<IRedisCommand> commands) => _options.TracesCommands ? () => CommandText.Of(commands) : null;

    private sealed class RepeatableCommands(RedisClient client) : IRedisCommands
    {
        public Awaitable<T> Ask<T>(RedisCommand<T> command)
        {
            ArgumentNullException.ThrowIfNull(command);
            return client.Ask(command.Repeatable());
        }
    }
}
