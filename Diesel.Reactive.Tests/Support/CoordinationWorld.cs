using System.Net;
using Microsoft.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>A hub in virtual time without a network, for loops that only meet each other.</summary>
internal sealed class CoordinationWorld
{
    private readonly List<HubError> _errors = [];

    public CoordinationWorld()
    {
        Hub = new Hub(Clock, new NoNetwork());
        Hub.Errors.Subscribe(_errors.Add);
    }

    public TestScheduler Clock { get; } = new();

    public Hub Hub { get; }

    public IReadOnlyList<HubError> Errors => _errors;

    /// <summary>Runs one loop, and those it forks, until nothing is left to happen; what went wrong fails the test.</summary>
    public static void Run(Func<Hub, Task> loop)
    {
        var world = new CoordinationWorld();
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

    private sealed class NoNetwork : INetwork
    {
        public IObservable<IReadOnlyList<IPAddress>> Resolve(string host, Hub hub) => throw new NotSupportedException();

        public IObservable<ITransport> Connect(EndPoint remote, TcpConnectOptions options, Hub hub) => throw new NotSupportedException();

        public IListener Listen(EndPoint local, TcpListenOptions options, Hub hub, Action<ITransport> accept) => throw new NotSupportedException();

        public IDatagramTransport Bind(EndPoint local, EndPoint? remote, UdpOptions options, Hub hub) => throw new NotSupportedException();
    }
}
