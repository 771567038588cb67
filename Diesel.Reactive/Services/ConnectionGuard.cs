namespace Diesel.Reactive;

/// <summary>Closes a connection that is idle too long, or sends a frame too slowly. Looks at counters from one timer that
/// re-arms itself, so that traffic costs nothing.</summary>
internal sealed class ConnectionGuard : IDisposable
{
    private readonly Connection _connection;
    private readonly TcpServiceOptions _options;
    private readonly Action<TimeoutException> _close;
    private IDisposable? _timer;
    private long _traffic;
    private TimeSpan _active;
    private long _frame = -1;
    private long _frameBytes;
    private TimeSpan _frameBegan;

    private ConnectionGuard(Connection connection, TcpServiceOptions options, Action<TimeoutException> close)
    {
        (_connection, _options, _close, _active) = (connection, options, close, connection.Hub.Elapsed);
        Arm();
    }

    // Ticks often enough that a limit is kept within a tenth of it.
    private TimeSpan Period => Shorter(
        HasIdleTimeout(_options) ? _options.IdleTimeout / 10 : TimeSpan.MaxValue,
        _options.MinimumRate > 0 ? _options.MinimumRateGrace / 10 : TimeSpan.MaxValue);

    /// <summary>Watches a connection; null when the options ask for nothing.</summary>
    public static ConnectionGuard? Watch(Connection connection, TcpServiceOptions options, Action<TimeoutException> close) =>
        HasIdleTimeout(options) || options.MinimumRate > 0 ? new ConnectionGuard(connection, options, close) : null;

    public void Dispose() => _timer?.Dispose();

    private static bool HasIdleTimeout(TcpServiceOptions options) => options.IdleTimeout != Timeout.InfiniteTimeSpan;

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private void Arm() => _timer = _connection.Hub.StartTimer(Period, static g => ((ConnectionGuard)g!).Look(), this);

    private void Look()
    {
        if (_connection.Life.IsReleased)
        {
            return;
        }

        var now = _connection.Hub.Elapsed;
        if (Idle(now) is { } error || TooSlow(now) is { } slow && (error = slow) is not null)
        {
            _close(error);
            return;
        }

        Arm();
    }

    private TimeoutException? Idle(TimeSpan now)
    {
        var traffic = _connection.Life.Input.ReceivedTotal + _connection.Life.Output.SentTotal;
        if (traffic != _traffic)
        {
            (_traffic, _active) = (traffic, now);
        }

        return HasIdleTimeout(_options) && now - _active >= _options.IdleTimeout
            ? new TimeoutException($"{_connection} was closed: no byte in or out for {_options.IdleTimeout} (IdleTimeout).")
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
