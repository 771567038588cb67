namespace Diesel.Reactive;

/// <summary>The end of the patience with a connection that this side has closed: it may take as long as bytes leave, but when none
/// has for a while, it is given up.</summary>
/// <remarks>What arrives is no progress: it is thrown away, and a peer could send for ever.</remarks>
internal sealed class CloseWatch : IDisposable
{
    private readonly ConnectionLife _life;
    private readonly Hub _hub;
    private readonly TimeSpan _patience;
    private LookingTime _time;
    private IDisposable _timer;
    private TimeSpan _left;
    private long _taken;

    public CloseWatch(ConnectionLife life, Hub hub, TimeSpan patience)
    {
        (_life, _hub, _patience, _time) = (life, hub, patience, new LookingTime(LookingTime.PeriodOf(patience), hub.Elapsed));
        _taken = life.Output.TakenTotal;
        _timer = Arm();
    }

    public void Dispose() => _timer.Dispose();

    private IDisposable Arm() => _hub.StartTimer(LookingTime.PeriodOf(_patience), static w => ((CloseWatch)w!).Look(), this);

    private void Look()
    {
        var now = _time.Look(_hub.Elapsed);
        if (_life.Output.TakenTotal is var taken && taken != _taken)
        {
            (_taken, _left) = (taken, now);
        }

        if (now - _left >= _patience)
        {
            _life.GiveUp();
        }
        else
        {
            _timer = Arm();
        }
    }
}
