namespace Diesel.Reactive;

/// <summary>Counts the hub's time that each loop's code uses, while somebody asks for it. The hub's thread only, but for
/// <see cref="Hold"/>.</summary>
internal sealed class LoopMeter(Hub hub)
{
    private readonly Hub _hub = hub;
    private Loop? _running;
    private TimeSpan _since;
    private int _holds;

    /// <summary>Measures until it is disposed.</summary>
    public IDisposable Hold()
    {
        _hub.Invoke(static meter => ((LoopMeter)meter!).Begin(), this);
        return new Holding(this);
    }

    /// <summary>From now on code of this context runs, up to the next call; null: none of a loop.</summary>
    public void Enter(HubContext? context)
    {
        var now = _hub.Elapsed;
        _running?.Use(now - _since);
        (_running, _since) = (context?.MadeLoop, now);
    }

    private void Begin()
    {
        if (_holds++ == 0)
        {
            _running = null;
            _hub.Roots.Measuring = this;
            Enter(SynchronizationContext.Current as HubContext);
        }
    }

    private void End()
    {
        if (--_holds == 0)
        {
            Enter(null);
            _hub.Roots.Measuring = null;
        }
    }

    private sealed class Holding(LoopMeter meter) : IDisposable
    {
        private LoopMeter? _held = meter;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _held, null) is { } held)
            {
                held._hub.Invoke(static m => ((LoopMeter)m!).End(), held);
            }
        }
    }
}
