using System.Net;
using System.Reactive.Concurrency;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>A hub on the host <c>client</c> and one on the host <c>server</c>, in one virtual time.</summary>
internal sealed class TwoHosts : IDisposable
{
    public const int Port = 7;

    private int _opened;

    public TwoHosts(VirtualClock? clock = null, VirtualNetwork? network = null)
    {
        Clock = clock ?? VirtualClock.Historical();
        Network = network ?? new VirtualNetwork(clock: Clock.Scheduler);
        Client = NewHub("client");
        Server = NewHub("server");
    }

    public VirtualClock Clock { get; }

    public VirtualNetwork Network { get; }

    public Hub Client { get; }

    public Hub Server { get; }

    /// <summary>What showed in the hubs' errors.</summary>
    public List<Exception> Errors { get; } = [];

    /// <summary>The conditions of both directions.</summary>
    public LinkConditions Link
    {
        set => Network.SetLinks("client", "server", value);
    }

    public static LinkConditions Slow(double milliseconds) => new() { Latency = TimeSpan.FromMilliseconds(milliseconds) };

    public Hub NewHub(string host)
    {
        var hub = new Hub(Clock.Scheduler, Network.Host(host));
        hub.Errors.Subscribe(error => Errors.Add(error.Exception));
        return hub;
    }

    public TwoHosts Passes(double milliseconds = 1)
    {
        Clock.Passes(milliseconds);
        return this;
    }

    public T Starts<T>(T service)
        where T : IService
    {
        service.Start(Server);
        Passes();
        return service;
    }

    /// <summary>Subscribes in a turn of the client's hub; what takes no time is done when it returns.</summary>
    public Story<T> Watch<T>(IObservable<T> source, double milliseconds = 1)
    {
        var story = new Story<T>();
        Client.Schedule(() => { story.Subscription = source.Subscribe(story); });
        Passes(milliseconds);
        return story;
    }

    /// <summary>What a loop on the client's hub came to.</summary>
    public Task<T> Runs<T>(Func<Task<T>> loop)
    {
        var done = Task.FromException<T>(new InvalidOperationException("The loop did not begin."));
        Client.Fork(() => (Task)(done = loop()));
        Passes();
        return done;
    }

    /// <summary>An open connection: the client's end and the server's.</summary>
    public (End Client, End Server) Wire()
    {
        var port = 100 + _opened++;
        var server = Listens(port);
        return (new End(this, Client, Dials(port).Last), server.Single());
    }

    public List<End> Listens(int port)
    {
        var ends = new List<End>();
        Server.Network.Listen(new IPEndPoint(IPAddress.Any, port), new(), transport => ends.Add(new End(this, Server, transport)));
        return ends;
    }

    public Story<ITransport> Dials(int port, double milliseconds = 1) =>
        Watch(Client.Network.Connect(new IPEndPoint(Network.Host("server").Addresses[0], port), new()), milliseconds);

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }
}
