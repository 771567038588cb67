using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A connection for one caller alone, until its work is over: <see cref="RedisClient.Lease{T}"/>.</summary>
/// <remarks>What holds for a connection (<c>Select</c>, <c>Watch</c>) may be said here; a connection that was changed is not lent again. Commands that
/// wait hold up only what comes behind them here. Leaving one of them closes the connection. Errors: as <see cref="RedisClient"/>, and
/// <see cref="ObjectDisposedException"/> when the work is over.</remarks>
public sealed class RedisSession : IRedisConnection
{
    private readonly RedisOptions _options;
    private readonly TimeSpan _moreTime;

    // As of the connection that all share: one timer for all of its calls.
    private readonly ICalls<RespValue> _timed;
    private LeasedConnection? _connection;

    internal RedisSession(LeasedConnection connection, RedisOptions options, TimeSpan moreTime)
    {
        (_connection, _options, _moreTime, Hub) = (connection, options, moreTime, connection.Pipeline.Hub);
        _timed = connection.Pipeline.Timeout(options.Timeout, what => Late(connection.Pipeline, what, options.Timeout));
    }

    /// <inheritdoc/>
    public Hub Hub { get; }

    /// <summary>Whether keys are watched.</summary>
    internal bool IsWatching => Connection.IsWatching;

    private LeasedConnection Connection =>
        Volatile.Read(ref _connection) ?? throw new ObjectDisposedException(nameof(RedisSession), "The work is over that the connection was lent for.");

    /// <inheritdoc/>
    public Awaitable<T> Ask<T>(RedisCommand<T> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var connection = Connection;
        connection.IsChanged |= OwnConnection.IsChangedBy(command);
        var watches = OwnConnection.WatchesAfter(command);
        connection.IsWatching |= watches == true;
        var asked = _moreTime == TimeSpan.Zero ? command : command.With(_moreTime);
        if (command.Blocks is not { } blocks)
        {
            return watches == false ? Unwatched(connection, _timed.Ask(asked)) : _timed.Ask(asked);
        }

        var (pipeline, limit) = (connection.Pipeline, _options.Timeout.And(blocks));
        return pipeline.Ask(asked).Timeout(limit, what => Late(pipeline, what, limit), Hub);
    }

    Awaitable<T> IRedisConnection.Send<T>(RedisCalls<T> call)
    {
        var connection = Connection;
        var asked = _timed.Ask(call.With(_moreTime));
        return call.IsTransaction ? Unwatched(connection, asked) : asked;
    }

    /// <summary>The work is over.</summary>
    internal void End() => Volatile.Write(ref _connection, null);

    // What is not awaited, or fails, may leave keys watched: whoever had the connection next would be told that they had changed.
    private static Awaitable<T> Unwatched<T>(LeasedConnection connection, Awaitable<T> asked) =>
        asked.Do(_ => connection.IsWatching = false).ToAwaitable($"{asked}");

    private static TimeoutException Late(Pipeline<RespValue> pipeline, string what, TimeSpan limit) =>
        new($"{what} got no reply from {pipeline} within {limit}: {pipeline.Counts}.");
}
