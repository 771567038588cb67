namespace Diesel.Reactive;

/// <summary><see cref="ConnectionRateExtensions.Require"/>: ends a connection whose peer is too slow. Looks at counters now and then, so
/// that traffic costs nothing.</summary>
internal sealed class RequiredRate : IDisposable
{
    private readonly Connection _connection;
    private readonly int _least;
    private readonly Direction _direction;
    private readonly TimeSpan _period;
    private readonly Action<SlowPeerException>? _tooSlow;
    private ByteRate _input;
    private ByteRate _output;
    private LookingTime _time;
    private IDisposable? _timer;
    private volatile bool _isOver;

    public RequiredRate(Connection connection, int least, TimeSpan grace, Direction direction, Action<SlowPeerException>? tooSlow)
    {
        (_connection, _least, _direction, _tooSlow) = (connection, least, direction, tooSlow);
        (_input, _output) = (new ByteRate(least, grace), new ByteRate(least, grace));
        _period = LookingTime.PeriodOf(grace);
        connection.Hub.Invoke(static rate => ((RequiredRate)rate!).Begin(), this);
    }

    public void Dispose()
    {
        _isOver = true;
        _connection.Hub.Invoke(static rate => ((RequiredRate)rate!)._timer?.Dispose(), this);
    }

    private void Begin()
    {
        _time = new LookingTime(_period, _connection.Hub.Elapsed);
        _ = IsBroken(Direction.Input, ref _input, default) || IsBroken(Direction.Output, ref _output, default);
        Arm();
    }

    private void Arm()
    {
        if (!_isOver)
        {
            _timer = _connection.Hub.StartTimer(_period, static rate => ((RequiredRate)rate!).Look(), this);
        }
    }

    private void Look()
    {
        var life = _connection.Life;
        if (_isOver || life.IsReleased)
        {
            return;
        }

        var now = _time.Look(_connection.Hub.Elapsed);
        if (IsBroken(Direction.Input, ref _input, now))
        {
            End(TooSlow("closed: its peer sent", _input.Measured(now)), life.CloseGracefully);
        }
        else if (IsBroken(Direction.Output, ref _output, now))
        {
            End(TooSlow("reset: its peer took", _output.Measured(now)), life.AbortWith);
        }
        else
        {
            Arm();
        }
    }

    private void End(SlowPeerException error, Action<SlowPeerException> end)
    {
        _isOver = true;
        (_tooSlow ?? end)(error);
    }

    // The peer owes what somebody waits for, and that what waits is taken.
    private bool IsBroken(Direction direction, ref ByteRate rate, TimeSpan now)
    {
        var (input, output) = (_connection.Life.Input, _connection.Life.Output);
        return _direction.HasFlag(direction) && (direction == Direction.Input
            ? rate.IsBroken(now, input.ReceivedTotal, input.IsWaiting)
            : rate.IsBroken(now, output.TakenTotal, output.IsOwed));
    }

    private SlowPeerException TooSlow(string what, double measured) => new(
        $"{_connection} was {what} {measured:0} bytes/s, below the {_least} that were required.", measured, _least);
}
