using System.Diagnostics;

namespace Diesel.Reactive;

/// <summary>The loop of Linux: one thread waits in epoll for sockets, timers and work from other threads at once, so that a
/// readable socket runs its pipeline without a thread hop.</summary>
internal sealed class EpollLoop : IEventLoop
{
    private readonly Poller _poller = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Thread _thread;
    private readonly List<IPollTarget> _again = [];
    private readonly List<IPollTarget> _running = [];
    private ITurns _turns = null!;
    private volatile bool _stopped;

    public EpollLoop(string name) => _thread = new Thread(Run) { IsBackground = true, Name = name };

    public static bool IsSupported => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    public DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public TimeSpan Elapsed => _clock.Elapsed;

    public bool HasThread => true;

    public bool IsVirtual => false;

    public INetwork CreateNetwork(IHub hub) => new EpollNetwork(this, _poller, hub);

    public void Start(ITurns turns)
    {
        _turns = turns;
        // What was in flow where the hub was made (an AsyncLocal) is no concern of what runs on it.
        _thread.UnsafeStart();
    }

    // The loop's own thread looks at the queue before it waits; any other must end the wait.
    public void Wake()
    {
        if (Thread.CurrentThread != _thread)
        {
            _poller.Wake();
        }
    }

    /// <summary>A target that has more to do and gave way to the others: it goes on in the next turn.</summary>
    public void Again(IPollTarget target) => _again.Add(target);

    public void RunReady()
    {
        _running.AddRange(_again);
        _again.Clear();
        foreach (var target in _running)
        {
            _turns.Execute(target, events: 0);
        }

        _running.Clear();
        _poller.Dispatch(_turns);
    }

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
            _poller.Wait(_turns.IsAwake || _again.Count > 0 ? TimeSpan.Zero : _turns.UntilTimer);
            _turns.Run();
        }

        _poller.Dispose();
    }
}
