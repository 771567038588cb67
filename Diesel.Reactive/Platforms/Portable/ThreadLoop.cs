using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>The portable loop with a thread of its own: Rx's <c>EventLoopScheduler</c> takes the turns, the system's timer wakes it for
/// the hub's, since the scheduler's own queue keeps cancelled ones until they are due.</summary>
internal sealed class ThreadLoop : IEventLoop
{
    private readonly EventLoopScheduler _thread;
    private readonly IStopwatch _clock;
    private readonly Timer _alarm;
    private ITurns _turns = null!;
    private TimeSpan _armed = TimeSpan.MaxValue;

    public ThreadLoop(string name)
    {
        _thread = new EventLoopScheduler(start => new Thread(start) { IsBackground = true, Name = name });
        _clock = _thread.StartStopwatch();

        // What is in flow where the hub is made (an AsyncLocal) is no concern of what runs on it.
        using (ExecutionContext.IsFlowSuppressed() ? default(IDisposable) : ExecutionContext.SuppressFlow())
        {
            _alarm = new Timer(static loop => ((ThreadLoop)loop!).OnAlarm(), this, Timeout.Infinite, Timeout.Infinite);
            _thread.Schedule(static () => { });
        }
    }

    public DateTimeOffset Now => _thread.Now;

    public TimeSpan Elapsed => _clock.Elapsed;

    public bool HasThread => true;

    public bool IsVirtual => false;

    public INetwork CreateNetwork(IHub hub) => new SocketNetwork(hub);

    public void Start(ITurns turns) => _turns = turns;

    public void Wake() => Schedule(static loop => loop.TakeTurn());

    // What is ready was posted, each socket for itself.
    public void RunReady()
    {
    }

    public void Dispose()
    {
        _alarm.Dispose();
        _thread.Dispose();
    }

    private void OnAlarm() => Schedule(static loop =>
    {
        loop._armed = TimeSpan.MaxValue;
        loop.TakeTurn();
    });

    private void Schedule(Action<ThreadLoop> step)
    {
        try
        {
            _thread.Schedule((this, step), static (_, s) =>
            {
                s.step(s.Item1);
                return Disposable.Empty;
            });
        }
        catch (ObjectDisposedException)
        {
            // A late completion met a loop that was disposed meanwhile: there is nothing left to wake.
        }
    }

    private void TakeTurn()
    {
        _turns.Run();
        Arm();
    }

    // The system's timer counts in milliseconds and may come a little early; then nothing is due and it is armed again.
    private void Arm()
    {
        if (_turns.UntilTimer is { } wait && Elapsed + wait < _armed)
        {
            _armed = Elapsed + wait;
            _alarm.Change((long)Math.Min(Math.Ceiling(wait.TotalMilliseconds), uint.MaxValue - 1), Timeout.Infinite);
        }
    }
}
