namespace Diesel.Reactive.Tests;

/// <summary>What returns null says so, and what to return instead.</summary>
public class NullHandlerTests
{
    private const string NoObservable = "returned null instead of an observable: return Observable.Empty<T>() when there is nothing to give.";
    private const string NoTask = "returned null instead of a task: make it an async method, or return Task.CompletedTask.";

    [Test]
    public void A_service_whose_handler_gives_no_observable_says_so() =>
        Assert.That(Served((Func<Connection, IObservable<ReadOnlyMemory<byte>>>)(static _ => null!)), Does.StartWith("handler of connection ").And.EndWith(NoObservable));

    [Test]
    public void A_service_whose_handler_gives_no_task_says_so()
    {
        using var world = new World();
        world.Starts(new TcpService(7, (Func<Connection, Task>)(static _ => null!)));
        var peer = world.Dials(7);
        Assert.That((peer.HasEnded, Said(world)), Is.EqualTo((true, $"handler of connection 10.0.0.1:7 to 10.0.0.1:40000 {NoTask}")));
    }

    [Test]
    public void A_datagram_service_whose_handler_gives_no_observable_says_so()
    {
        using var world = new World();
        world.Starts(new UdpService(9, (Func<IDatagramSocket, IObservable<Datagram>>)(static _ => null!)));
        Assert.That(Said(world), Does.StartWith("handler of UDP service at ").And.EndWith(NoObservable));
    }

    [Test]
    public void A_datagram_service_whose_handler_gives_no_task_says_so()
    {
        using var world = new World();
        world.Starts(new UdpService(9, (Func<IDatagramSocket, Task>)(static _ => null!)));
        Assert.That(Said(world), Does.StartWith("handler of UDP service at ").And.EndWith(NoTask));
    }

    [Test]
    public void A_loop_that_gives_no_task_says_so()
    {
        using var world = new World();
        world.Hub.Fork((Func<Task>)(static () => null!), "pump");
        Assert.That(Said(world.Settle()), Does.EndWith(NoTask).And.Contain("pump"));
    }

    [Test]
    public void A_method_of_SelectAsync_that_gives_no_task_says_so()
    {
        using var world = new World();
        var story = world.Watch(Observable.Return(1).SelectAsync((Func<int, Task<int>>)(static _ => null!), 1, hub: world.Hub));
        Assert.That(story.Error?.Message, Does.EndWith(NoTask));
    }

    [Test]
    public void A_conversation_that_gives_nothing_says_so()
    {
        using var world = new World();
        using var server = world.Listens(7);
        var client = new Silent(world);
        Assert.That(world.Watch(client.NoTask()).Error?.Message, Does.EndWith(NoTask));
        Assert.That(world.Watch(client.NoObservable()).Error?.Message, Does.StartWith("a conversation of Silent of 10.0.0.1:7 ").And.EndWith(NoObservable));
    }

    [Test]
    public void Work_with_a_pooled_item_that_gives_no_observable_says_so()
    {
        using var world = new World();
        var pool = Pool.Of(static () => 1, null, new() { Name = "pool of ones" }, world.Hub);
        Assert.That(world.Watch(pool.Use((Func<int, IObservable<int>>)(static _ => null!))).Error?.Message, Does.StartWith("a use of the pool of ones ").And.EndWith(NoObservable));
    }

    private static string Served(Func<Connection, IObservable<ReadOnlyMemory<byte>>> handler)
    {
        using var world = new World();
        world.Starts(new TcpService(7, handler));
        Assert.That(world.Dials(7).HasEnded);
        return Said(world);
    }

    private static string Said(World world) => world.Errors.Select(static e => e.Exception).OfType<InvalidOperationException>().FirstOrDefault()?.Message ?? world.Trouble;

    private sealed class Silent(World world) : Client("10.0.0.1", 7, null, world.Hub)
    {
        public Awaitable<int> NoTask() => Call((Func<Connection, Task<int>>)(static _ => null!));

        public IObservable<int> NoObservable() => Call((Func<Connection, IObservable<int>>)(static _ => null!));
    }
}
