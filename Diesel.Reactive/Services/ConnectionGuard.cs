namespace Diesel.Reactive;

/// <summary>Ends a connection that does not keep to its limits. Looks at counters from one timer that re-arms itself, so that
/// traffic costs nothing.</summary>
internal sealed class ConnectionGuard : IDisposable
{
    private readonly Connection _connection;
    private readonly Action<Breach> _end;
    private readonly (TimeSpan? Time, ServiceLimit Limit) _idle;
    private readonly InputLimits? _input;
    private readonly OutputLimit? _output;
    private readonly TimeSpan _period;
    private LookingTime _time;
    private IDisposable? _timer;
    private long _traffic;
    private TimeSpan _active;

    private ConnectionGuard(Connection connection, TcpServiceOptions options, Action<Breach> end, (TimeSpan? Time, ServiceLimit Limit) idle, TimeSpan patience)
    {
        (_connection, _end, _idle) = (connection, end, idle);
        _input = InputLimits.PatienceOf(options) is null ? null : new InputLimits(connection, options);
        _output = OutputLimit.PatienceOf(options) is null ? null : new OutputLimit(connection, options);
        _period = LookingTime.PeriodOf(patience);
        _time = new LookingTime(_period, connection.Hub.Elapsed);
        Arm();
    }

    /// <summary>Watches a connection; null when the options ask for nothing.</summary>
    public static ConnectionGuard? Watch(Connection connection, TcpServiceOptions options, Action<Breach> end) =>
        Watch(connection, options, end, (Finite(options.IdleTimeout), ServiceLimit.IdleTimeout));

    /// <summary>Watches a connection whose peer has ended.</summary>
    public static ConnectionGuard? WatchHalf(Connection connection, TcpServiceOptions options, Action<Breach> end) =>
        Finite(options.PeerEndedTimeout) is { } half && !(Finite(options.IdleTimeout) <= half)
            ? Watch(connection, options, end, (half, ServiceLimit.PeerEndedTimeout))
            : Watch(connection, options, end);

    public void Dispose() => _timer?.Dispose();

    public override string ToString() => $"the limits of {_connection}";

    private static ConnectionGuard? Watch(Connection connection, TcpServiceOptions options, Action<Breach> end, (TimeSpan? Time, ServiceLimit Limit) idle)
    {
        TimeSpan?[] all = [idle.Time, InputLimits.PatienceOf(options), OutputLimit.PatienceOf(options)];
        return all.Min() is { } patience ? new ConnectionGuard(connection, options, end, idle, patience) : null;
    }

    private static TimeSpan? Finite(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? null : time;

    private void Arm() => _timer = _connection.Hub.StartTimer(_period, static g => ((ConnectionGuard)g!).Look(), this);

    private void Look()
    {
        if (_connection.Life.IsReleased)
        {
            return;
        }

        // What is closing is owed nothing more, but still owes that its output is taken.
        var now = _time.Look(_connection.Hub.Elapsed);
        var breach = _connection.Life.IsOver ? null : Idle(now) ?? _input?.Look(now);
        if ((breach ?? _output?.Look(now)) is { } found)
        {
            _end(found);
        }

        Arm();
    }

    private Breach? Idle(TimeSpan now)
    {
        var traffic = _connection.Life.Input.ReceivedTotal + _connection.Life.Output.TakenTotal;
        if (traffic != _traffic)
        {
            (_traffic, _active) = (traffic, now);
        }

        return now - _active >= _idle.Time ? new(_idle.Limit, $"no byte in or out for {_idle.Time}") : null;
    }
}
