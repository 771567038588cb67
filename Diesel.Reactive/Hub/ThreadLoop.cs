using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>The portable loop with a thread of its own: Rx's <c>EventLoopScheduler</c> takes the turns, a wheel keeps the
/// timers, since the scheduler's own queue keeps cancelled ones until they are due.</summary>
internal sealed class ThreadLoop : IEventLoop
{
    private readonly EventLoopScheduler _thread;
    private readonly IStopwatch _clock;
    private readonly HubTimers _timers;
    private readonly Timer _alarm;
    private readonly Action _fireDue;
    private Turns _turns = null!;
    private TimeSpan _armed = TimeSpan.MaxValue;

    public ThreadLoop(string name)
    {
        _thread = new EventLoopScheduler(start => new Thread(start) { IsBackground = true, Name = name });
        _clock = _thread.StartStopwatch();
        _timers = new HubTimers(this);
        _alarm = new Timer(static loop => ((ThreadLoop)loop!).OnAlarm(), this, Timeout.Infinite, Timeout.Infinite);
        _fireDue = FireDue;
    }

    public DateTimeOffset Now => _thread.Now;

    public TimeSpan Elapsed => _clock.Elapsed;

    public INetwork Network => SocketNetwork.Instance;

    public bool HasThread => true;

    public bool IsVirtual => false;

    public void Start(Turns turns)
    {
        _turns = turns;
        _timers.Start(turns);
    }

    public void Wake()
    {
        try
        {
            _thread.Schedule(this, static (_, loop) =>
            {
                loop._turns.Run(loop._fireDue);
                return Disposable.Empty;
            });
        }
        catch (ObjectDisposedException)
        {
            // A late completion met a loop that was disposed meanwhile: there is nothing left to wake.
        }
    }

    public IDisposable StartTimer(TimeSpan dueTime, Action<object?> callback, object? state)
    {
        var timer = _timers.Set(dueTime, callback, state);
        if (_turns.IsCurrent)
        {
            Arm();
        }

        return timer;
    }

    public void Dispose()
    {
        _alarm.Dispose();
        _thread.Dispose();
    }

    private void OnAlarm() => _turns.Post(static loop => ((ThreadLoop)loop!)._armed = TimeSpan.MaxValue, this);

    private void FireDue()
    {
        _timers.FireDue();
        Arm();
    }

    // The system's timer counts in milliseconds and may come a little early; then nothing is due and it is armed again.
    private void Arm()
    {
        if (_timers.UntilNext() is { } wait && Elapsed + wait < _armed)
        {
            _armed = Elapsed + wait;
            _alarm.Change((long)Math.Min(Math.Ceiling(wait.TotalMilliseconds), uint.MaxValue - 1), Timeout.Infinite);
        }
    }
}
