namespace Diesel.Reactive;

/// <summary>The time a service that stops has: now and then somebody looks for peers that are not worth waiting for, and at its end
/// nobody is.</summary>
internal sealed class DrainWatch : IDisposable
{
    private const int Looks = 16;

    private readonly Hub _hub;
    private readonly TimeSpan _period;
    private readonly TimeSpan _patience;
    private readonly Action<TimeSpan> _look;
    private readonly IDisposable _deadline;
    private IDisposable _timer;

    /// <param name="hub">Keeps the time.</param>
    /// <param name="time">All there is.</param>
    /// <param name="look">Told how long a peer without progress is waited for.</param>
    /// <param name="end">Called once, when the time is over.</param>
    public DrainWatch(Hub hub, TimeSpan time, Action<TimeSpan> look, Action end)
    {
        (_hub, _period, _patience, _look) = (hub, time / Looks, time / 4, look);
        _timer = Arm();
        _deadline = hub.StartTimer(time, _ =>
        {
            Dispose();
            end();
        }, null);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _deadline.Dispose();
    }

    private IDisposable Arm() => _hub.StartTimer(_period, static w => ((DrainWatch)w!).Look(), this);

    private void Look()
    {
        _timer = Arm();
        _look(_patience);
    }
}
