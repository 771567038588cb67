using System.Net;
using System.Reactive;
using System.Reactive.Concurrency;
using Microsoft.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>A hub in virtual time on a network in memory. Every verb lets a millisecond pass, so that what it began has
/// happened when it returns.</summary>
internal sealed class World : IDisposable
{
    public World()
    {
        Hub = new Hub(Clock, Network);
        Hub.Errors.Subscribe(Errors.Add);
    }

    public TestScheduler Clock { get; } = new();

    public MemoryNetwork Network { get; } = new();

    public Hub Hub { get; }

    /// <summary>What showed in <see cref="Hub.Errors"/>.</summary>
    public List<HubError> Errors { get; } = [];

    /// <summary>Virtual seconds since the beginning.</summary>
    public double Now => TimeSpan.FromTicks(Clock.Clock).TotalSeconds;

    /// <summary>The kinds of errors that showed, in order.</summary>
    public string Trouble => string.Join(' ', Errors.Select(e => e.Exception.GetType().Name));

    public World Settle() => Passes(0.001);

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
        var peer = new Peer(this, Network.Dial(new IPEndPoint(MemoryNetwork.Here, port), null, Hub));
        Settle();
        return peer;
    }

    public Peer Dials(TcpService service) => Dials(service.EndPoint.Port);

    /// <summary>Scripted peers that are connected to.</summary>
    public Peers Listens(int port, Action<Peer>? script = null) => new(this, port, script);

    /// <summary>A connection under test with a scripted peer.</summary>
    public Wire Wire(TcpConnectOptions? options = null) => new(this, options);

    /// <summary>A scripted sender of datagrams.</summary>
    public DatagramMate Mate(int port = 0) => new(this, port);

    public void Dispose() => Hub.Dispose();
}
