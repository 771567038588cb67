using System.Reactive;
using System.Reactive.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Diesel.Reactive;

/// <summary>A program made of services and loops: runs until it is stopped, or until there is nothing left to run.</summary>
/// <remarks>Ctrl-C, SIGTERM and SIGQUIT stop it gracefully; once it was asked to stop, another one ends the process at once, whatever
/// the hub does. SIGHUP is the program's to observe. Started by systemd with <c>Type=notify</c>, it tells that it is ready and that it stops,
/// and with <c>WatchdogSec=</c> that its hub still takes turns. Idea: diesel's
/// <c>Application</c>, <c>quickstart</c> and <c>quickstop</c>; <c>Quickstop</c> is no exception, so nothing can swallow it.</remarks>
public sealed class Application : IHubResource
{
    // One at a time on a hub.
    private static readonly ConditionalWeakTable<Hub, Application> Running = [];

    private readonly Hub _hub;
    private readonly ApplicationItems _items;
    private readonly ManualResetEventSlim _ended = new();
    private volatile State _state;
    private Exception? _failure;
    private SystemdNotifier? _systemd;
    private bool _stopAsked;

    /// <summary>Makes an application; nothing runs yet.</summary>
    /// <param name="hub">Where it runs; null for the default hub.</param>
    public Application(Hub? hub = null) => _items = new ApplicationItems(_hub = hub ?? Hub.Default, EndIfNothingRuns, Fail, End);

    private enum State
    {
        Prepared,
        Running,
        Stopping,
        Ended,
    }

    /// <summary>Where errors that nobody receives are written; default: standard error. Null for nowhere
    /// (<see cref="Hub.Errors"/> has them all the same).</summary>
    /// <remarks>Written on a thread of its own, so that nothing waits for its reader. Past 50 errors a second the rest is
    /// counted, and the count written.</remarks>
    public TextWriter? Log { get; set; } = StandardStreams.Error;

    /// <summary>The least grave kind of error that <see cref="Log"/> gets; default <see cref="HubErrorKind.Network"/>: what peers do
    /// wrong, which is theirs to decide how often, is not written. <see cref="HubErrorKind.Peer"/> for all.</summary>
    public HubErrorKind LogLevel { get; set; } = HubErrorKind.Network;

    /// <summary>Whether all items are ready, as far as they were added before: one value once they are; an error if it stops before.</summary>
    /// <remarks>For whoever asks from outside: a probe of an orchestrator, a test that waits for it.</remarks>
    public Awaitable<Unit> Ready => _items.Ready;

    /// <summary>Whether SIGUSR1 has a snapshot of the hub (<see cref="HubSnapshots.Snapshot"/>) written to <see cref="Log"/>; default false: it ends the
    /// process, as the system has it. Set before <see cref="Run"/>. Not on Windows.</summary>
    public bool SnapshotsOnSignal { get; set; }

    /// <summary>Makes an application of services and loops and runs it; returns when it has ended.</summary>
    /// <param name="items">In order: <see cref="IService"/>; loops, which are observables, <c>Func&lt;Task&gt;</c>,
    /// <c>Func&lt;CancellationToken, Task&gt;</c> or <c>Action</c>; sequences of these.</param>
    /// <exception cref="ArgumentException">An item is none of these.</exception>
    /// <exception cref="ConnectionException">A service's port is in use, or not allowed.</exception>
    public static void Quickstart(params object[] items)
    {
        ArgumentNullException.ThrowIfNull(items);
        var application = new Application();
        foreach (var item in items)
        {
            application.AddItem(item);
        }

        application.Run();
    }

    /// <summary>Makes an application of nothing and runs it: it ends at once.</summary>
    public static void Quickstart() => new Application().Run();

    /// <summary>Makes an application of loops and runs it; returns when it has ended.</summary>
    /// <param name="loops">Each runs beside the others; its <c>await</c>s resume on the hub.</param>
    public static void Quickstart(params Func<Task>[] loops) => Quickstart((object[])loops);

    /// <inheritdoc cref="Quickstart(Func{Task}[])"/>
    public static void Quickstart(params Action[] loops) => Quickstart((object[])loops);

    /// <summary>Stops the application that runs on this hub (on another thread: on the default hub); returns at once.</summary>
    public static void Quickstop()
    {
        if (Running.TryGetValue(Hub.Current ?? Hub.Default, out var application))
        {
            application.Stop();
        }
    }

    /// <summary>Adds a service; while the application runs it is started at once, or when what it comes after is ready.</summary>
    /// <param name="service">Not started yet.</param>
    /// <param name="options">What it comes after, and when it is ready; null for the defaults.</param>
    /// <returns>The item, for others that come after it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="service"/> is null.</exception>
    /// <exception cref="ArgumentException">It comes after an item of another application.</exception>
    /// <exception cref="ConnectionException">The application runs, it comes after nothing, and the service's port is in use, or not allowed.</exception>
    public ApplicationItem Add(IService service, ApplicationItemOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(service);
        var item = new ApplicationItem(this, service, options ?? ApplicationItemOptions.Default);
        if (_state == State.Running && item.After.Count == 0)
        {
            item.Start(_hub);
        }

        return Add(item);
    }

    /// <summary>Adds a loop; while the application runs it begins at once, or when what it comes after is ready.</summary>
    /// <param name="loop">Its <c>await</c>s resume on the hub.</param>
    /// <param name="options">What it comes after, when it is ready, and whether it is kept alive; null for the defaults.</param>
    /// <returns>The item, for others that come after it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="loop"/> is null.</exception>
    /// <exception cref="ArgumentException">It comes after an item of another application.</exception>
    public ApplicationItem Add(Func<Task> loop, ApplicationItemOptions? options = null) => Add(LoopBody.Of(loop), options);

    /// <inheritdoc cref="Add(Func{Task}, ApplicationItemOptions?)"/>
    public ApplicationItem Add(Func<CancellationToken, Task> loop, ApplicationItemOptions? options = null) => Add(LoopBody.Of(loop), options);

    /// <inheritdoc cref="Add(Func{Task}, ApplicationItemOptions?)"/>
    public ApplicationItem Add(Action loop, ApplicationItemOptions? options = null) => Add(LoopBody.Of(loop), options);

    /// <inheritdoc cref="Add(Func{Task}, ApplicationItemOptions?)"/>
    /// <typeparam name="T">What the observable gives; the loop ends with it.</typeparam>
    public ApplicationItem Add<T>(IObservable<T> loop, ApplicationItemOptions? options = null) => Add(LoopBody.Of(loop), options);

    /// <summary>Starts the services, then the loops, each when what it comes after is ready, and returns when the application was stopped,
    /// or when all loops, with those forked meanwhile, have ended and there is no service.</summary>
    /// <exception cref="InvalidOperationException">It ran before, another one runs on the hub, or this is the hub's own
    /// thread.</exception>
    /// <exception cref="ConnectionException">A service's port is in use, or not allowed.</exception>
    /// <remarks>What keeps an item from becoming ready stops the application, and is thrown.</remarks>
    public void Run()
    {
        Claim();
        using var log = new ErrorLog(() => Log, () => _hub.Elapsed);
        using var errors = _hub.Errors.Where(error => error.Kind <= LogLevel).Subscribe(log.Add);
        using var signals = new StopSignals(TryStop);
        using var systemd = _systemd = new SystemdNotifier(_hub, Environment.GetEnvironmentVariable);
        using var snapshots = SnapshotsOnSignal ? SnapshotSignal.Begin(_hub, log.Add) : null;
        try
        {
            Start();
            _ended.Wait();
        }
        finally
        {
            _state = State.Ended;
            Running.Remove(_hub);
        }

        if (_failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Stops: services drain, loops end, each before what it came after, then <see cref="Run"/> returns. Any thread; returns at once.</summary>
    public void Stop() => TryStop();

    /// <summary>The hub was disposed: nothing runs any more.</summary>
    void IHubResource.Abort() => _ended.Set();

    // Whether this is the first to ask. That is decided here: the hub may never take another turn.
    private bool TryStop()
    {
        if (_state == State.Prepared || Interlocked.Exchange(ref _stopAsked, true))
        {
            return false;
        }

        if (!_hub.Invoke(static a => ((Application)a!).Drain(), this))
        {
            _ended.Set();
        }

        return true;
    }

    private void Claim()
    {
        if (_hub.IsCurrent)
        {
            throw new InvalidOperationException("Run would block the hub it runs on. Call it from the program's main thread.");
        }

        if (_state != State.Prepared || !Running.TryAdd(_hub, this))
        {
            throw new InvalidOperationException("An application runs once, and one at a time on a hub. Add to the one that runs, or make a new one on a hub of its own.");
        }

        _state = State.Running;
    }

    private void Start()
    {
        _items.StartFirst();

        // Before it is posted: a hub that ends drops what was queued, and Run must return all the same.
        _hub.Register(this);
        if (!_hub.Post(static a => ((Application)a!).Begin(), this))
        {
            _ended.Set();
        }
    }

    private void Begin()
    {
        _hub.Roots.Emptied += EndIfNothingRuns;
        _items.Ready.Subscribe(_ => _systemd?.Ready(), static _ => { });
        _items.Begin();
        EndIfNothingRuns();
    }

    private ApplicationItem Add(LoopBody loop, ApplicationItemOptions? options) =>
        Add(new ApplicationItem(this, loop, options ?? ApplicationItemOptions.Default));

    private ApplicationItem Add(ApplicationItem item)
    {
        if (_state == State.Prepared)
        {
            _items.Add(item);
        }
        else
        {
            _hub.Invoke(() => AddWhileRunning(item));
        }

        return item;
    }

    private void AddWhileRunning(ApplicationItem item)
    {
        _items.Add(item);
        _items.Begin(item);
    }

    private void AddItem(object? item)
    {
        if (item is IService service)
        {
            Add(service);
        }
        else if (LoopBody.From(item) is { } loop)
        {
            Add(loop, null);
        }
        else if (item is System.Collections.IEnumerable items and not string)
        {
            foreach (var inner in items)
            {
                AddItem(inner);
            }
        }
        else
        {
            throw new ArgumentException(
                $"An application runs services and loops, and {item?.GetType().Name ?? "null"} is neither. " +
                "Give an IService, an IObservable<T>, a Func<Task>, a Func<CancellationToken, Task> or an Action.",
                nameof(item));
        }
    }

    private void EndIfNothingRuns()
    {
        if (_state == State.Running && _hub.Roots.IsEmpty && _items.AreOnlyLoops)
        {
            Drain();
        }
    }

    private void Drain()
    {
        if (_state != State.Running)
        {
            return;
        }

        _state = State.Stopping;
        _systemd?.Stopping();
        _hub.Roots.Emptied -= EndIfNothingRuns;
        _items.Stop(_hub.Roots);
    }

    private void Fail(Exception error)
    {
        _failure ??= error;
        Drain();
    }

    private void End()
    {
        _hub.Unregister(this);
        _ended.Set();
    }
}
