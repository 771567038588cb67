using System.Net;
using System.Reactive;
using System.Reactive.Concurrency;
using Diesel.Reactive.Testing;
using Microsoft.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>A hub in virtual time on a virtual network. Every verb lets a millisecond pass, so that what it began has
/// happened when it returns; in a turn of the hub it only begins it.</summary>
internal sealed class World : IDisposable
{
    /// <param name="seed">What the network draws from.</param>
    /// <param name="traceLimit">How much of what happens is noted.</param>
    public World(int seed = 0, int traceLimit = 10_000)
    {
        Network = new VirtualNetwork(seed, traceLimit: traceLimit);
        Hub = new Hub(Clock, Network);
        Hub.Errors.Subscribe(Hear);
    }

    /// <summary>The address of all that has no host of its own.</summary>
    public static IPAddress Here { get; } = IPAddress.Parse("10.0.0.1");

    public TestScheduler Clock { get; } = new();

    public VirtualNetwork Network { get; }

    public Hub Hub { get; }

    /// <summary>What showed in <see cref="Hub.Errors"/>.</summary>
    public List<HubError> Errors { get; } = [];

    /// <summary>Virtual seconds since the beginning.</summary>
    public double Now => TimeSpan.FromTicks(Clock.Clock).TotalSeconds;

    /// <summary>The kinds of errors that showed, in order.</summary>
    public string Trouble => string.Join(' ', Errors.Select(e => e.Exception.GetType().Name));

    /// <summary>Runs one loop, and those it forks, until nothing is left to happen; what went wrong fails the test.</summary>
    public static void Run(Func<Hub, Task> loop)
    {
        using var world = new World();
        world.Play(() => loop(world.Hub));
        Assert.That(world.Errors, Is.Empty);
    }

    /// <summary>As <see cref="Run"/>, and errors that nobody received are left to look at.</summary>
    public void Play(Func<Task> loop)
    {
        Task? task = null;
        Hub.Fork(() => task = loop());
        Clock.Start();
        Assert.That(task!.IsCompleted, "The loop still waits when nothing is left to happen.");
        task.GetAwaiter().GetResult();
    }

    public World Settle() => Hub.Current == Hub ? this : Passes(0.001);

    public World Passes(double seconds)
    {
        Clock.AdvanceBy(TimeSpan.FromSeconds(seconds).Ticks);
        return this;
    }

    /// <summary>Runs in a turn of the hub.</summary>
    public World Do(Action action)
    {
        Hub.Schedule(action);
        return Settle();
    }

    public T Do<T>(Func<T> function)
    {
        var result = default(T)!;
        Do(() => { result = function(); });
        return result;
    }

    /// <summary>Subscribes in a turn of the hub.</summary>
    public Story<T> Watch<T>(IObservable<T> source)
    {
        var story = new Story<T>();
        Do(() => story.Subscription = source.Subscribe(story));
        return story;
    }

    /// <summary>A loop, begun, and what those who join it are told.</summary>
    public (Loop Loop, Story<Unit> End) Runs(Func<Task> loop, string? name = null) => Joined(Hub.Fork(loop, name));

    public (Loop Loop, Story<Unit> End) Joined(Loop loop) => (loop, Watch(loop));

    /// <summary>Starts a service.</summary>
    public T Starts<T>(T service)
        where T : IService
    {
        service.Start(Hub);
        Settle();
        return service;
    }

    /// <summary>A scripted peer that connects to a port.</summary>
    public Peer Dials(int port)
    {
        var dial = Watch(Hub.Network.Connect(new IPEndPoint(Here, port), new()));
        var peer = dial.Error is null ? new Peer(this, (VirtualTransport)dial.Last) : throw dial.Error;
        Settle();
        return peer;
    }

    public Peer Dials(TcpService service) => Dials(service.Port);

    /// <summary>Scripted peers that are connected to.</summary>
    public Peers Listens(int port, Action<Peer>? script = null) => new(this, Hub.Network, new IPEndPoint(IPAddress.Any, port), script);

    /// <summary>Scripted peers on a host of their own.</summary>
    public Peers Listens(VirtualHost host, IPEndPoint local) => new(this, host.CreateNetwork(Hub), local, null);

    /// <summary>A connection under test with a scripted peer.</summary>
    public Wire Wire(TcpConnectOptions? options = null) => new(this, options);

    /// <summary>A scripted sender of datagrams.</summary>
    public DatagramMate Mate(int port = 0) => new(this, port);

    public void Dispose() => Hub.Dispose();

    // Whoever breaks a transport's rules is at fault, whatever the test is about.
    private void Hear(HubError error)
    {
        Errors.Add(error);
        Assert.That(error.Exception, Is.Not.InstanceOf<TransportRuleException>());
    }
}
