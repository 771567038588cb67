namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A connection for one caller alone, until its work is over: <see cref="RedisClient.Lease{T}"/>.</summary>
/// <remarks>What holds for a connection (<c>Select</c>, <c>Watch</c>) may be said here; a connection that was changed is not lent again. Commands that
/// wait hold up only what comes behind them here. Leaving one of them closes the connection. Errors: as <see cref="RedisClient"/>, and
/// <see cref="ObjectDisposedException"/> when the work is over.</remarks>
public sealed class RedisSession : IRedisConnection
{
    private readonly RedisOptions _options;
    private readonly TimeSpan _moreTime;
    private LeasedConnection? _connection;

    internal RedisSession(LeasedConnection connection, RedisOptions options, TimeSpan moreTime) =>
        (_connection, _options, _moreTime, Hub) = (connection, options, moreTime, connection.Pipeline.Hub);

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
        connection.IsWatching = OwnConnection.IsWatchedAfter(command, connection.IsWatching);
        return Within(connection.Pipeline.Ask(_moreTime == TimeSpan.Zero ? command : command.With(_moreTime)), command.Blocks is { } blocks ? _options.Timeout.And(blocks) : _options.Timeout);
    }

    Awaitable<T> IRedisConnection.Send<T>(RedisCalls<T> call)
    {
        var connection = Connection;
        connection.IsWatching &= !call.IsTransaction;
        return Within(connection.Pipeline.Stream(call.With(_moreTime)).ToAwaitable(call.ToString()), _options.Timeout);
    }

    /// <summary>The work is over.</summary>
    internal void End() => Volatile.Write(ref _connection, null);

    private Awaitable<T> Within<T>(Awaitable<T> asked, TimeSpan limit)
    {
        var pipeline = Connection.Pipeline;
        return asked.Timeout(limit, what => new TimeoutException($"{what} got no reply from {pipeline} within {limit}: {pipeline.Counts}."), Hub);
    }
}
