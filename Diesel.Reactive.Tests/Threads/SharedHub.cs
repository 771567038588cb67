using System.Net;
using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Threading.Tasks;

namespace Diesel.Reactive.Tests;

/// <summary>One of everything on a hub, and the random things that threads do to it all at once.</summary>
internal sealed class SharedHub
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(2);

    private readonly Hub _hub;
    private readonly Tracked _waits;
    private readonly Event _event;
    private readonly AsyncQueue<int> _queue;
    private readonly AsyncSemaphore _semaphore;
    private readonly Signals _signals;
    private readonly Fanout<int> _fanout;
    private readonly TcpService _service;
    private readonly LineClient _client;
    private readonly Pool<Connection> _pool;
    private readonly Loop _parent;
    private readonly Application _application;
    private readonly Action<Random>[] _steps;
    private Connection? _connection;

    public SharedHub(Hub hub, Tracked waits)
    {
        (_hub, _waits) = (hub, waits);
        (_event, _queue, _semaphore) = (new Event(hub), new AsyncQueue<int>(100, Overflow.DropOldest, hub), new AsyncSemaphore(2, hub));
        (_signals, _fanout) = (new Signals(hub), new Fanout<int>(16, Overflow.DropOldest, hub));
        _service = new TcpService(new IPEndPoint(IPAddress.Loopback, 0), static connection => connection.UntilEol());
        _service.Start(hub);
        var remote = new IPEndPoint(IPAddress.Loopback, _service.Port);
        _client = new LineClient(remote, hub);
        _pool = ConnectionPool.Of(remote, new PoolOptions<Connection> { Max = 2 }, hub: hub);
        _parent = hub.Fork(async () => await hub.Sleep(TimeSpan.FromHours(1)));
        _application = Runs(new Application(hub) { Log = null });
        _steps = [Sleeps, Waits, Pokes, Queues, Locks, Fires, Calls, Borrows, Connects, Sends, Reads, Breaks, Forks, Races, Schedules, Works, Awaits, Cancels, Gathers, Leaves, Watches, Adds];
    }

    /// <summary>One random thing.</summary>
    public void Step(Random random) => _steps[random.Next(_steps.Length)](random);

    /// <summary>Everything that ends something, to be called by several threads at once.</summary>
    public IReadOnlyList<Action> Ends => [_client.Dispose, _pool.Dispose, () => _connection?.Abort(), () => Track("stop", () => _service.Stop()), _parent.Dispose, _application.Stop, _hub.Dispose];

    private void Track<T>(string name, Func<IObservable<T>> source, Action<T>? got = null) => _waits.Begin(name, source, got);

    // Some who wait leave again, at once or from the hub.
    private void MayLeave<T>(Random random, string name, Func<IObservable<T>> source, Action<T>? got = null)
    {
        var wait = _waits.Begin(name, source, got);
        if (random.Next(4) == 0)
        {
            wait.Dispose();
        }
        else if (random.Next(4) == 0)
        {
            _hub.Post(static w => ((IDisposable)w!).Dispose(), wait);
        }
    }

    private void Sleeps(Random random)
    {
        var cancel = new CancellationTokenSource();
        MayLeave(random, "sleep", () => _hub.Sleep(TimeSpan.FromMilliseconds(random.Next(5)), cancel.Token));
        if (random.Next(2) == 0)
        {
            cancel.Cancel();
        }
    }

    private void Waits(Random random) => MayLeave(random, "event", () => _event.Wait(random.Next(2) == 0 ? Short : null));

    private void Pokes(Random random)
    {
        _event.Set();
        _event.Clear();
        _fanout.Publish(random.Next());
    }

    private void Queues(Random random)
    {
        MayLeave(random, "queue", () => _queue.Get(timeout: random.Next(2) == 0 ? Short : null));
        _queue.Put(random.Next());
    }

    private void Locks(Random random) => Track("lock", () => _semaphore.Acquire(random.Next(2) == 0 ? Short : null), static permit => permit.Dispose());

    private void Fires(Random random)
    {
        MayLeave(random, "signal", () => _signals.Wait("a", random.Next(2) == 0 ? Short : null));
        MayLeave(random, "fanout", () => _fanout.Take(1));
        _signals.Fire("a", random.Next());
    }

    private void Calls(Random random) => MayLeave(random, "call", _client.Ask);

    private void Borrows(Random random) => Track("pool", () => _pool.Borrow(random.Next(2) == 0 ? Short : null), static lease => lease.Dispose());

    private void Connects(Random random) => Track("connect", () => Tcp.Connect(_service.EndPoint, hub: _hub), connection =>
        Interlocked.Exchange(ref _connection, connection)?.Dispose());

    private void Sends(Random random)
    {
        if (_connection is { } connection)
        {
            Track("send", () => connection.Send("line\r\n".ToBytes()));
            connection.OnNext("more\r\n".ToBytes());
        }
    }

    private void Reads(Random random)
    {
        if (_connection is { } connection)
        {
            using (connection.Pause())
            {
                MayLeave(random, "read", () => connection.Read(Framing.UntilEol()));
            }
        }
    }

    private void Breaks(Random random)
    {
        if (random.Next(3) > 0)
        {
            return;
        }

        if (random.Next(2) == 0)
        {
            _connection?.Abort();
        }
        else
        {
            _connection?.Dispose();
        }
    }

    private void Forks(Random random)
    {
        async Task Body(CancellationToken token)
        {
            await _event.Wait();
            token.ThrowIfCancellationRequested();
            await _hub.Sleep(Short, token);
        }

        var loop = random.Next(2) == 0 ? _hub.Fork(Body) : _parent.ForkChild(Body);
        Track("join", () => loop.Ended);
        Track("joined by a loop", () => _hub.Fork(async () => await loop.Ended));
        if (random.Next(2) == 0)
        {
            loop.Dispose();
        }
    }

    private void Races(Random random) =>
        MayLeave(random, "race", () => First.Of(_event.Wait(), _queue.Get(timeout: Short), _hub.Sleep(Short)).Timeout(Short));

    private void Schedules(Random random) => MayLeave(random, "timer", () => Observable.Timer(Short, _hub));

    private void Works(Random random) => MayLeave(random, "work", () => _hub.Run(static () => Thread.SpinWait(1000)));

    private void Adds(Random random) => _application.Add(async () => await _event.Wait(Short));

    private void Watches(Random random)
    {
        MayLeave(random, "token", () => Cancelled(_parent.Token));
        if (_connection is { } connection)
        {
            MayLeave(random, "closed", () => Cancelled(connection.Closed));
            MayLeave(random, "peer ended", () => Cancelled(connection.PeerEnded));
        }
    }

    private static IObservable<Unit> Cancelled(CancellationToken token) => Observable.Create<Unit>(observer => token.Register(observer.OnCompleted));

    // What its signals do, Stop does, on as many threads.
    private Application Runs(Application application)
    {
        using var begun = new ManualResetEventSlim();
        application.Add(async () =>
        {
            begun.Set();
            await _hub.Sleep(TimeSpan.FromHours(1));
        });
        Track("application", () => Observable.Start(application.Run, NewThreadScheduler.Default));
        begun.Wait(Live.Patience);
        return application;
    }

    // Parallel waits of one loop, most of which come out on the thread pool.
    private void Awaits(Random random) => Track("loop", () => _hub.Fork(async () =>
    {
        var promise = new AwaitableSource<int>();
        async Task One() => await promise;
        var all = Enumerable.Range(0, 5).Select(_ => One()).ToArray();
        ThreadPool.QueueUserWorkItem(_ => promise.TrySetResult(1));
        await Task.WhenAll(all);
        await _hub.Sleep();
    }).Ended);

    private void Cancels(Random random)
    {
        var cancel = new CancellationTokenSource();
        MayLeave(random, "until", () => _event.Wait().Until(cancel.Token));
        Track("until as a task", () => _queue.Get().Until(cancel.Token).AsTask().ToObservable());
        cancel.Cancel();
    }

    private void Gathers(Random random) => MayLeave(random, "all", () =>
        Awaitable.All(_event.Wait(Short), _queue.Get(timeout: Short), _hub.Sleep(Short), _hub.Run(static () => { })));

    // A task that nobody looks at would be an error that nobody observed.
    private void Leaves(Random random) => Track("as a task", () => _event.Wait(Short).AsTask().ToObservable());

    private sealed class LineClient(EndPoint remote, Hub hub) : Client(remote, hub: hub)
    {
        public Awaitable<Unit> Ask() => Call(async connection =>
        {
            await connection.Send("line\r\n".ToBytes());
            await connection.Read(Framing.UntilEol());
            return Unit.Default;
        });
    }
}
