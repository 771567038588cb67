using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>The single event loop an application runs on: a scheduler, a network and a synchronization context that agree
/// on one thread.</summary>
/// <remarks>
/// All notifications of a hub's sockets, timers and loops arrive on its thread, one at a time. A turn runs what was queued
/// at its start; output written in the turn is flushed once per connection at its end. A timer never fires early. User
/// code that throws tears down its own connection or loop and shows in <see cref="Errors"/>. Idea: diesel's event hub.
/// </remarks>
public sealed class Hub : IHub, ISchedulerPeriodic, IServiceProvider, IDisposable
{
    [ThreadStatic]
    private static Hub? _current;

    private readonly IEventLoop _loop;
    private readonly Turns _turns;
    private readonly ErrorStream _errors = new();
    private readonly HubEnding _ending;
    private readonly Watchdog? _watchdog;
    private int _disposed;

    /// <summary>Starts a hub with a background thread of its own and the system's sockets.</summary>
    public Hub()
        : this(new HubOptions())
    {
    }

    /// <summary>Starts a hub with a background thread of its own and the system's sockets.</summary>
    /// <param name="options">The thread's name, when it sleeps, and when a turn counts as slow.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public Hub(HubOptions options)
        : this(OwnThread(options ?? throw new ArgumentNullException(nameof(options))), options)
    {
    }

    /// <summary>Puts a hub on any scheduler: a <c>TestScheduler</c> for virtual time, an <c>EventLoopScheduler</c>, ….</summary>
    /// <param name="scheduler">Runs its work one at a time. Stays the caller's to dispose.</param>
    /// <param name="network">A network in memory; null for the system's sockets.</param>
    /// <param name="givesWay">For tests that look for races: asked at each <c>await</c> of an <see cref="Awaitable{T}"/> whether others go on first.</param>
    /// <exception cref="ArgumentNullException"><paramref name="scheduler"/> is null.</exception>
    public Hub(IScheduler scheduler, INetworkProvider? network = null, Func<bool>? givesWay = null)
        : this(new SchedulerLoop(scheduler ?? throw new ArgumentNullException(nameof(scheduler)), network ?? SocketNetwork.Provider), null) =>
        GivesWay = givesWay;

    internal Hub(IEventLoop loop, HubOptions? options)
    {
        _loop = loop;
        (Context, Roots) = (new HubContext(this), new RootLoops(this));
        _ending = new HubEnding(this);
        _turns = new Turns(this, loop);
        Sight = new HubSight(this, _turns, loop, _errors, _ending);
        Pace = new Pace(this, _turns);
        TimeProvider = new HubTimeProvider(this);
        Network = loop.CreateNetwork(this);
        if (options is not null && options.SlowTurn != Timeout.InfiniteTimeSpan)
        {
            _turns.Watchdog = _watchdog = new Watchdog(this, _turns, options.SlowTurn);
        }

        loop.Start(_turns);
        Sight.Begin(options?.Name);
    }

    /// <summary>The hub that programs share: made on first use, on a background thread; made anew after it was disposed.</summary>
    public static Hub Default => DefaultHub.Value;

    /// <summary>The hub whose thread this is; null elsewhere.</summary>
    public static Hub? Current => _current;

    /// <summary>What this hub listens, connects and binds on.</summary>
    public INetwork Network { get; }

    /// <summary>What went wrong with nobody to receive it, and turns that ran too long. Never ends, never fails.</summary>
    /// <remarks>Scheduler: the hub; a slow turn is reported from the watchdog's thread, while the turn still runs. What nobody
    /// observes is lost, but for the first slow turn: that is a line on standard error.</remarks>
    public IObservable<HubError> Errors => _errors;

    /// <summary>Wall-clock time, or the virtual time of the scheduler under the hub.</summary>
    public DateTimeOffset Now => _loop.Now;

    /// <summary>Whether its time is virtual: that of a test's scheduler, on whose one thread it runs.</summary>
    public bool IsVirtual => _loop.IsVirtual;

    /// <summary>Whether <see cref="Dispose"/> was called.</summary>
    public bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <inheritdoc/>
    public bool IsCurrent => _current == this;

    /// <inheritdoc/>
    public TimeProvider TimeProvider { get; }

    /// <inheritdoc/>
    public DateTimeOffset TurnTime => IsCurrent ? _turns.Clock.Now : Now;

    internal Func<bool>? GivesWay { get; }

    internal object Clock => _loop.Clock;

    internal HubContext Context { get; }

    internal TimeSpan Elapsed => _loop.Elapsed;

    internal TimeSpan TurnBegan => _turns.Clock.Began;

    internal Pace Pace { get; }

    /// <summary>What the connections keep here together, which is theirs alone to know; made when one needs it. On the hub's thread.</summary>
    internal object? OutputPool { get; set; }

    internal INameResolver? Resolver { get; set; }

    internal RootLoops Roots { get; }

    internal HubSight Sight { get; }

    internal static Hub Of(Hub? hub) => hub ?? _current ?? Default;

    internal static void Enter(Hub? hub) => _current = hub;

    /// <summary>One turn's pause, or a longer one.</summary>
    /// <param name="duration">At least this long; zero gives way for one turn. Default: zero.</param>
    /// <param name="cancellation">Ends the sleep early with <see cref="OperationCanceledException"/>; a connection's <see cref="Connection.PeerEnded"/>, say.</param>
    /// <returns>Cold: each subscription and each <c>await</c> sleeps anew and gets one <see cref="Unit"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="duration"/> is negative.</exception>
    /// <remarks>Idea: diesel's <c>sleep</c>, bluelet's <c>sleep</c> and <c>null</c>.</remarks>
    public Awaitable<Unit> Sleep(TimeSpan duration = default, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        return new Sleep(this, duration, cancellation);
    }

    /// <summary>Runs blocking work on a thread of the pool and brings its result back to the hub.</summary>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="blocking">Must not touch connections or other things of the hub.</param>
    /// <returns>Cold: each subscription and each <c>await</c> runs the work once; unsubscribing drops the result, but does not stop the work.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="blocking"/> is null.</exception>
    /// <remarks>Errors: what the work threw. Idea: diesel's <c>thread</c>.</remarks>
    public Awaitable<T> Run<T>(Func<T> blocking)
    {
        ArgumentNullException.ThrowIfNull(blocking);
        return new BlockingWork<T>(this, blocking);
    }

    /// <summary>Runs blocking work on a thread of the pool and tells on the hub when it is done.</summary>
    /// <param name="blocking">Must not touch connections or other things of the hub.</param>
    /// <returns>As <see cref="Run{T}(Func{T})"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="blocking"/> is null.</exception>
    public Awaitable<Unit> Run(Action blocking)
    {
        ArgumentNullException.ThrowIfNull(blocking);
        return Run(() =>
        {
            blocking();
            return Unit.Default;
        });
    }

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var work = new ScheduledWork<TState>(this, state, action);
        if (!Post(ScheduledWork<TState>.Run, work))
        {
            work.HubEnded(Ended());
        }

        return work;
    }

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return dueTime <= TimeSpan.Zero
            ? Schedule(state, action)
            : new ScheduledWork<TState>(this, state, action).After(dueTime);
    }

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        Schedule(state, dueTime - Now, action);

    /// <inheritdoc/>
    public IDisposable SchedulePeriodic<TState>(TState state, TimeSpan period, Func<TState, TState> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
        return new PeriodicWork<TState>(this, state, period, action);
    }

    /// <summary>Ends the hub: aborts what is open on it, drops what is queued, ends its thread. Waits for that unless it is called on the hub itself, or the thread is another scheduler's.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _ending.Begin(_loop);
        }
    }

    object? IServiceProvider.GetService(Type serviceType) =>
        serviceType == typeof(ISchedulerPeriodic) ? this
        : serviceType == typeof(IStopwatchProvider) ? new HubStopwatchProvider(this)
        : null;

    /// <inheritdoc/>
    public bool Post(Action<object?> callback, object? state = null)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return _turns.Post(callback, state, Context);
    }

    internal void PostForLater(Action<object?> callback, object? state) => _turns.PostForLater(callback, state);
    internal bool Post(object callback, object? state, HubContext context) => _turns.Post(callback, state, context);

    /// <inheritdoc/>
    public void AtTurnEnd(Action<object?> callback, object? state = null)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ThrowIfElsewhere("A turn's end can be waited for in that turn only: use hub.Post(…) from elsewhere.");
        _turns.End.Add(callback, state);
    }

    /// <inheritdoc/>
    public IDisposable Own(IDisposable resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var owned = new Owned(this, resource);
        Register(owned);
        return owned;
    }

    internal void FlushAtEndOfTurn(IFlushable output)
    {
        ThrowIfElsewhere("Output belongs to the hub's thread; this is a defect of Diesel.Reactive.");
        _turns.End.Add(output);
    }

    /// <inheritdoc/>
    public void Report(Exception error, string source, HubErrorKind? kind = null)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(source);
        Sight.Report(new HubError(error, source, kind ?? HubErrorKinds.Of(error)));
    }

    /// <inheritdoc cref="HubEnding.Register"/>
    internal void Register(IHubResource resource) => _ending.Register(resource);

    /// <inheritdoc cref="HubEnding.Unregister"/>
    internal void Unregister(IHubResource resource) => _ending.Unregister(resource);

    /// <inheritdoc cref="HubEnding.Enter"/>
    internal void Enter(HubWaits.Node wait, Action<object?> begin) => _ending.Enter(wait, begin);

    internal ObjectDisposedException Ended() => new(nameof(Hub), "The hub was disposed: nothing more happens on it. Make a new one, or use Hub.Default.");

    private static IEventLoop OwnThread(HubOptions options) =>
        !options.Portable && EpollLoop.IsSupported ? new EpollLoop(options.Name, options.Spin) : new ThreadLoop(options.Name);

    internal IDisposable StartTimer(TimeSpan dueTime, Action<object?> callback, object? state)
    {
        if (!IsDisposed)
        {
            var timer = _turns.Timers.Set(dueTime, callback, state);
            if (!_turns.IsClosed)
            {
                return timer;
            }

            timer.Dispose();
        }

        (state as IHubWait)?.HubEnded(Ended());
        return Disposable.Empty;
    }

    /// <summary>In its last turn.</summary>
    internal void TearDown()
    {
        _ending.EndAll(_turns);
        _watchdog?.Dispose();
        _loop.Dispose();
    }

    internal void RunLastTurn() => _turns.Run(static hub => ((Hub)hub!).TearDown(), this);

    private void ThrowIfElsewhere(string message)
    {
        if (!IsCurrent)
        {
            throw new InvalidOperationException(message);
        }
    }
}
