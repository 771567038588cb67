using System.Diagnostics;

namespace Diesel.Reactive;

/// <summary>The loop of Linux: one thread waits in epoll for sockets, timers and work from other threads at once, so that a
/// readable socket runs its pipeline without a thread hop.</summary>
internal sealed class EpollLoop : IEventLoop
{
    // Between two system calls it looks at the queue, which costs nothing: about as long as those take, as a pause of the processor is a thirtieth of a microsecond.
    private const int LooksPerPoll = 6;

    // To give the core away, though nobody wants it, is another call into the system, and slows the next look down.
    private const int LooksPerYield = 8;

    // Who is expected is looked at by himself, but the others are not forgotten.
    private const int LooksAtOne = 8;

    private readonly Poller _poller = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Thread _thread;
    private readonly List<IPollTarget> _again = [];
    private readonly List<IPollTarget> _running = [];
    private readonly bool _spins;
    private SpinBudget _spin;

    // Who has sent last, and in which turn; null: several have, in the same one.
    private EpollTransport? _expected;
    private long _sentIn;
    private long _turn;
    private int _looksAtOne;
    private ITurns _turns = null!;
    private volatile bool _stopped;
    private volatile bool _asleep;

    /// <param name="name">The thread's.</param>
    /// <param name="spin">How long at most it looks for work before it sleeps.</param>
    public EpollLoop(string name, TimeSpan spin)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _spins = SpinBudget.CanPay(spin, Environment.ProcessorCount);
        _spin = new SpinBudget(spin);
    }

    public static bool IsSupported => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    public DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public TimeSpan Elapsed => _clock.Elapsed;

    public bool HasThread => true;

    public bool IsVirtual => false;

    private bool HasWork => _turns.IsAwake || _again.Count > 0 || _stopped;

    public INetwork CreateNetwork(IHub hub) => new EpollNetwork(this, _poller, hub);

    public void Start(ITurns turns)
    {
        _turns = turns;
        // What was in flow where the hub was made (an AsyncLocal) is no concern of what runs on it.
        _thread.UnsafeStart();
    }

    // The loop's own thread looks at the queue before it sleeps; so does one that is awake. Whoever asks for a turn has said so before
    // it looks whether the thread sleeps, and the thread says that it sleeps before it looks at the queue: one of them sees the other.
    public void Wake()
    {
        if (Thread.CurrentThread == _thread)
        {
            return;
        }

        Interlocked.MemoryBarrier();
        if (_asleep)
        {
            _poller.Wake();
        }
    }

    /// <summary>One has sent: while no other does, the reply to that is what comes next.</summary>
    public void Expects(EpollTransport sender)
    {
        _expected = _sentIn == _turn && _expected != sender ? null : sender;
        _sentIn = _turn;
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
            Wait(HasWork ? TimeSpan.Zero : _turns.UntilTimer);
            _turn++;
            _turns.Run();
        }

        _poller.Dispose();
    }

    private void Wait(TimeSpan? until)
    {
        if (until == TimeSpan.Zero)
        {
            _poller.Wait(TimeSpan.Zero);
        }
        else if (_spins)
        {
            WaitAdaptively(until);
        }
        else
        {
            Sleep(until);
        }
    }

    private void WaitAdaptively(TimeSpan? until)
    {
        var (began, limit, looked) = (_clock.Elapsed, _spin.Next, TimeSpan.Zero);
        if (limit > TimeSpan.Zero && Look(began, until < limit ? until.Value : limit, out looked))
        {
            _spin.Came(looked, looked);
        }
        else if (!(until <= looked) && Sleep(until - looked))
        {
            _spin.Came(_clock.Elapsed - began, looked);
        }
        else
        {
            _spin.Missed(looked);
        }
    }

    // It gives way to other threads of the core every few microseconds: they may be the ones it waits for, and if they take long, looking does not pay.
    private bool Look(TimeSpan began, TimeSpan limit, out TimeSpan looked)
    {
        for (var looks = 1; ; looks++)
        {
            var found = IsReady() || IsAsked();
            looked = _clock.Elapsed - began;
            if (found || looked >= limit)
            {
                return found;
            }

            if (looks % LooksPerYield == 0)
            {
                Thread.Yield();
            }
        }
    }

    // Who is expected is asked for his bytes at once: one call into the system less, each of which takes as long as a hundred lines of this program.
    private bool IsReady()
    {
        if (_expected is { MayLook: true } expected && ++_looksAtOne < LooksAtOne)
        {
            return expected.Look();
        }

        _looksAtOne = 0;
        return _poller.Wait(TimeSpan.Zero);
    }

    private bool IsAsked()
    {
        for (var look = 0; look < LooksPerPoll; look++)
        {
            if (HasWork)
            {
                return true;
            }

            Thread.SpinWait(1);
        }

        return false;
    }

    // What is said and looked at on other threads in the opposite order: see Wake.
    private bool Sleep(TimeSpan? until)
    {
        _asleep = true;
        Interlocked.MemoryBarrier();
        var came = _poller.Wait(HasWork ? TimeSpan.Zero : until) || HasWork;
        _asleep = false;
        return came;
    }
}
