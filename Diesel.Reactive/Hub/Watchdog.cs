namespace Diesel.Reactive;

/// <summary>Reports a turn that runs longer than a threshold, once, while it still runs. Source: Vert.x's blocked-thread checker.</summary>
internal sealed class Watchdog : IDisposable
{
    private readonly Hub _hub;
    private readonly Turns _turns;
    private readonly TimeSpan _threshold;
    private readonly Timer _timer;
    private long _seen;
    private TimeSpan _since;
    private bool _reported;

    public Watchdog(Hub hub, Turns turns, TimeSpan threshold)
    {
        (_hub, _turns, _threshold) = (hub, turns, threshold);
        var period = TimeSpan.FromTicks(Math.Max(threshold.Ticks / 4, TimeSpan.TicksPerMillisecond));
        _timer = new Timer(static dog => ((Watchdog)dog!).Look(), this, period, period);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var epoch = Volatile.Read(ref _turns.Epoch);
        var now = _hub.Elapsed;
        if (epoch != _seen || epoch % 2 == 0)
        {
            (_seen, _since, _reported) = (epoch, now, false);
        }
        else if (!_reported && now - _since >= _threshold)
        {
            _reported = true;
            var what = _turns.Current.ToString();
            _hub.Report(
                new TimeoutException(
                    $"The hub has been running {what} for {(now - _since).TotalSeconds:0.0} s; every connection and timer waits for it. " +
                    "Move blocking or long work off the hub with hub.Run(...)."),
                what);
        }
    }
}
