using System.Diagnostics;

namespace Diesel.Reactive;

/// <summary>The loop of Linux: one thread waits in epoll for sockets, timers and work from other threads at once, so that a
/// readable socket runs its pipeline without a thread hop.</summary>
internal sealed class EpollLoop : IEventLoop
{
    private readonly Poller _poller = new();
    private readonly HubTimers _timers;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Thread _thread;
    private readonly Action _timersAndSockets;
    private readonly List<IPollTarget> _again = [];
    private readonly List<IPollTarget> _running = [];
    private Turns _turns = null!;
    private volatile bool _stopped;

    public EpollLoop(string name)
    {
        _timers = new HubTimers(this);
        _timersAndSockets = TimersAndSockets;
        Network = new EpollNetwork(this, _poller);
        _thread = new Thread(Run) { IsBackground = true, Name = name };
    }

    public static bool IsSupported => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    public DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public TimeSpan Elapsed => _clock.Elapsed;

    public INetwork Network { get; }

    public bool HasThread => true;

    public bool IsVirtual => false;

    public void Start(Turns turns)
    {
        _turns = turns;
        _timers.Start(turns);
        _thread.Start();
    }

    // The loop's own thread looks at the queue before it waits; any other must end the wait.
    public void Wake()
    {
        if (Thread.CurrentThread != _thread)
        {
            _poller.Wake();
        }
    }

    public IDisposable StartTimer(TimeSpan dueTime, Action<object?> callback, object? state) => _timers.Set(dueTime, callback, state);

    /// <summary>A target that has more to do and gave way to the others: it goes on in the next turn.</summary>
    public void Again(IPollTarget target) => _again.Add(target);

    public void Dispose()
    {
        _stopped = true;
        Wake();
        if (Thread.CurrentThread != _thread)
        {
            _thread.Join();
        }
    }

    private void Run()
    {
        while (!_stopped)
        {
            _poller.Wait(_turns.IsAwake || _again.Count > 0 ? TimeSpan.Zero : _timers.UntilNext());
            _turns.Run(_timersAndSockets);
        }

        _poller.Dispose();
    }

    private void TimersAndSockets()
    {
        _timers.FireDue();
        _running.AddRange(_again);
        _again.Clear();
        foreach (var target in _running)
        {
            _turns.Execute(target, events: 0);
        }

        _running.Clear();
        _poller.Dispatch(_turns);
    }
}
