using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Where the laws of coordination are tried, seen from two programs; within one process they are the same.</summary>
public abstract class SharedPlace : IDisposable
{
    /// <summary>A word that tells places apart that differ in a law.</summary>
    public virtual bool IsLocal => false;

    internal abstract Hub Hub { get; }

    /// <summary>Long enough for what was asked to have happened everywhere.</summary>
    public virtual TimeSpan Moment => TimeSpan.FromMilliseconds(100);

    /// <summary>What one program sees, and what the other sees of the same.</summary>
    public (IEvent Here, IEvent There) Events() => (Program(0).Event("e"), Program(1).Event("e"));

    public (ICountdown Here, ICountdown There) Countdowns(int count) => (Program(0).Countdown("c", count), Program(1).Countdown("c", count));

    public (ISignals Here, ISignals There) Signals() => (Program(0).Signals(), Program(1).Signals());

    public virtual (IQueue<int> Here, IQueue<int> There) Queues() => (Program(0).Queue<int>("q"), Program(1).Queue<int>("q"));

    /// <summary>A lock, or a semaphore where more than one may hold it.</summary>
    public (ILock Here, ILock There) Locks(int count) => (Program(0).Lock("l", count), Program(1).Lock("l", count));

    public Task Settles() => Hub.Sleep(Moment).AsTask();

    /// <summary>Waits until it is so: a server that others use as well may take longer than a moment. Whoever asks looks whether it is.</summary>
    public async Task Becomes(Func<bool> isSo)
    {
        for (var moments = 0; moments < 100 && !isSo(); moments++)
        {
            await Settles();
        }
    }

    internal abstract void Run(Func<Task> story);

    internal abstract IProgram Program(int which);

    public abstract void Dispose();

    /// <summary>One program's objects.</summary>
    internal interface IProgram
    {
        ISignals Signals();

        IEvent Event(string name);

        ICountdown Countdown(string name, int count);

        IQueue<T> Queue<T>(string name);

        ILock Lock(string name, int count);
    }

    internal sealed class RedisProgram(RedisCoordination shared) : IProgram
    {
        public RedisCoordination Shared => shared;

        public ISignals Signals() => shared.Signals();

        public IEvent Event(string name) => shared.Event(name);

        public ICountdown Countdown(string name, int count) => shared.Countdown(name, count);

        public IQueue<T> Queue<T>(string name) => shared.Queue<T>(name);

        public ILock Lock(string name, int count) => count == 1 ? shared.Lock(name) : shared.Semaphore(name, count);
    }
}

/// <summary>Within one process, in virtual time.</summary>
public sealed class LocalPlace : SharedPlace
{
    private readonly World _world = new();
    private readonly Locals _locals;

    public LocalPlace() => _locals = new Locals(_world.Hub);

    public override bool IsLocal => true;

    internal override Hub Hub => _world.Hub;

    public override void Dispose() => _world.Dispose();

    internal override void Run(Func<Task> story) => _world.Play(story);

    internal override IProgram Program(int which) => _locals;

    private sealed class Locals(Hub hub) : IProgram
    {
        private readonly Dictionary<string, object> _all = [];

        public ISignals Signals() => Of("signals", () => new Signals(hub));

        public IEvent Event(string name) => Of($"event {name}", () => new Event(hub));

        public ICountdown Countdown(string name, int count) => Of($"countdown {name}", () => new Countdown(count, hub));

        public IQueue<T> Queue<T>(string name) => Of($"queue {name}", () => new AsyncQueue<T>(hub: hub));

        public ILock Lock(string name, int count) => count == 1 ? new Synchronized(name, hub) : Of($"semaphore {name}", () => new AsyncSemaphore(count, hub));

        private T Of<T>(string name, Func<T> make)
            where T : class
        {
            if (!_all.TryGetValue(name, out var found))
            {
                _all.Add(name, found = make());
            }

            return (T)found;
        }
    }
}

/// <summary>Two clients of a scripted server on the virtual network.</summary>
public sealed class VirtualPlace : SharedPlace
{
    private readonly RedisClient[] _clients;
    private readonly RedisProgram[] _programs;

    public VirtualPlace()
        : this(null, null)
    {
    }

    internal VirtualPlace(RedisCoordinationOptions? options, RedisOptions? redis = null)
    {
        Server = new RedisFake(World);
        _clients = [Server.Client(redis), Server.Client(redis)];
        _programs = [.. _clients.Select(client => new RedisProgram(new RedisCoordination(client, "shop", options)))];
    }

    internal World World { get; } = new();

    internal RedisFake Server { get; }

    internal override Hub Hub => World.Hub;

    public override void Dispose()
    {
        foreach (var program in _programs)
        {
            program.Shared.Dispose();
        }

        Array.ForEach(_clients, static client => client.Dispose());
        Server.Dispose();
        World.Dispose();
    }

    internal RedisCoordination Shared(int which) => _programs[which].Shared;

    internal override IProgram Program(int which) => _programs[which];

    // A connection that is listened to is asked now and then whether it is there: there is always something left to happen.
    internal override void Run(Func<Task> story)
    {
        Task? task = null;
        Hub.Fork(() => task = story());
        for (var i = 0; i < 10_000 && task?.IsCompleted != true; i++)
        {
            World.Passes(0.05);
        }

        Assert.That(task!.IsCompleted, "The story is not over after 500 s.");
        task.GetAwaiter().GetResult();
    }
}

/// <summary>Two clients of a redis-server.</summary>
public sealed class ServerPlace : SharedPlace
{
    private readonly RedisServer _server = RedisServer.Start();
    private readonly Live _live = new();
    private readonly RedisClient[] _clients;
    private readonly RedisProgram[] _programs;

    public ServerPlace()
    {
        _clients = [new(_server.Uri(), hub: Hub), new(_server.Uri(), hub: Hub)];
        _programs = [.. _clients.Select(client => new RedisProgram(new RedisCoordination(client, "shop")))];
    }

    internal override Hub Hub => _live.Hub;

    public override TimeSpan Moment => TimeSpan.FromMilliseconds(50);

    public override void Dispose()
    {
        foreach (var program in _programs)
        {
            program.Shared.Dispose();
        }

        Array.ForEach(_clients, static client => client.Dispose());
        _live.Dispose();
        _server.Dispose();
    }

    internal override IProgram Program(int which) => _programs[which];

    internal override void Run(Func<Task> story) => _live.Run(story);
}
