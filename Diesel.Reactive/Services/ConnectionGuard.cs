namespace Diesel.Reactive;

/// <summary>Closes a connection that is idle too long, or sends a frame too slowly. Looks at counters from one timer that
/// re-arms itself, so that traffic costs nothing.</summary>
internal sealed class ConnectionGuard : IDisposable
{
    private readonly Connection _connection;
    private readonly TcpServiceOptions _options;
    private readonly Action<TimeoutException> _close;
    private readonly (TimeSpan Limit, string Name) _idle;
    private readonly TimeSpan _period;
    private LookingTime _time;
    private IDisposable? _timer;
    private long _traffic;
    private TimeSpan _active;
    private long _frame = -1;
    private long _frameBytes;
    private TimeSpan _frameBegan;

    private ConnectionGuard(Connection connection, TcpServiceOptions options, Action<TimeoutException> close, (TimeSpan Limit, string Name) idle)
    {
        (_connection, _options, _close, _idle) = (connection, options, close, idle);
        _period = LookingTime.PeriodOf(Shorter(Limit(idle.Limit), Limit(options.MinimumRate > 0 ? options.MinimumRateGrace : Timeout.InfiniteTimeSpan)));
        _time = new LookingTime(_period, connection.Hub.Elapsed);
        Arm();
    }

    /// <summary>Watches a connection; null when the options ask for nothing.</summary>
    public static ConnectionGuard? Watch(Connection connection, TcpServiceOptions options, Action<TimeoutException> close) =>
        Watch(connection, options, close, (options.IdleTimeout, nameof(options.IdleTimeout)));

    /// <summary>Watches a connection whose peer has ended.</summary>
    public static ConnectionGuard? WatchHalf(Connection connection, TcpServiceOptions options, Action<TimeoutException> close) =>
        Watch(connection, options, close, Limit(options.PeerEndedTimeout) < Limit(options.IdleTimeout)
            ? (options.PeerEndedTimeout, nameof(options.PeerEndedTimeout)) : (options.IdleTimeout, nameof(options.IdleTimeout)));

    public void Dispose() => _timer?.Dispose();

    private static ConnectionGuard? Watch(Connection connection, TcpServiceOptions options, Action<TimeoutException> close, (TimeSpan Limit, string Name) idle) =>
        idle.Limit != Timeout.InfiniteTimeSpan || options.MinimumRate > 0 ? new ConnectionGuard(connection, options, close, idle) : null;

    private static TimeSpan Limit(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : time;

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private void Arm() => _timer = _connection.Hub.StartTimer(_period, static g => ((ConnectionGuard)g!).Look(), this);

    private void Look()
    {
        if (_connection.Life.IsReleased)
        {
            return;
        }

        var now = _time.Look(_connection.Hub.Elapsed);
        if (Idle(now) is { } error || TooSlow(now) is { } slow && (error = slow) is not null)
        {
            _close(error);
            return;
        }

        Arm();
    }

    private TimeoutException? Idle(TimeSpan now)
    {
        var traffic = _connection.Life.Input.ReceivedTotal + _connection.Life.Output.TakenTotal;
        if (traffic != _traffic)
        {
            (_traffic, _active) = (traffic, now);
        }

        return now - _active >= Limit(_idle.Limit)
            ? new TimeoutException($"{_connection} was closed: no byte in or out for {_idle.Limit} ({_idle.Name}).")
            : null;
    }

    private TimeoutException? TooSlow(TimeSpan now)
    {
        if (_options.MinimumRate == 0 || !_connection.Life.Input.IsMidFrame)
        {
            _frame = -1;
            return null;
        }

        if (_frame != _connection.Life.Input.ConsumedTotal)
        {
            (_frame, _frameBegan, _frameBytes) = (_connection.Life.Input.ConsumedTotal, now, _connection.Life.Input.ReceivedTotal);
            return null;
        }

        var took = now - _frameBegan;
        var rate = (_connection.Life.Input.ReceivedTotal - _frameBytes) / took.TotalSeconds;
        return took >= _options.MinimumRateGrace && rate < _options.MinimumRate
            ? new TimeoutException(
                $"{_connection} was closed: it sent part of a frame and went on at {rate:0} bytes/s, below {_options.MinimumRate} (MinimumRate).")
            : null;
    }
}
