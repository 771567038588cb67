namespace Diesel.Reactive.Tests;

/// <summary>Handlers that pipe one connection into another, as a proxy does: its peers' ends are no errors.</summary>
public class ProxyTests
{
    [TestCaseSource(nameof(Proxies))]
    public void The_end_of_the_server_behind_is_no_error(Func<Hub, Func<Connection, IObservable<ReadOnlyMemory<byte>>>> proxy)
    {
        using var world = new World();
        world.Starts(new TcpService(8, static c => c.UntilEol().Take(1)));
        world.Starts(new TcpService(7, proxy(world.Hub)));
        var peer = world.Dials(7).Sends("A\r\n");
        world.Passes(1);
        Assert.That((peer.Received, peer.Ends().Story, world.Trouble), Is.EqualTo(("A\r\n", "A |", "")));
    }

    [TestCaseSource(nameof(Proxies))]
    public void The_end_of_the_client_is_no_error(Func<Hub, Func<Connection, IObservable<ReadOnlyMemory<byte>>>> proxy)
    {
        using var world = new World();
        world.Starts(new TcpService(8, static c => c.UntilEol()));
        world.Starts(new TcpService(7, proxy(world.Hub)));
        var peer = world.Dials(7).Sends("A\r\n").Ends();
        world.Passes(1);
        Assert.That((peer.Story, world.Trouble), Is.EqualTo(("A |", "")));
    }

    [TestCaseSource(nameof(Proxies))]
    public void The_reset_of_the_client_is_at_most_the_peers(Func<Hub, Func<Connection, IObservable<ReadOnlyMemory<byte>>>> proxy)
    {
        using var world = new World();
        world.Starts(new TcpService(8, static c => c.UntilEol()));
        world.Starts(new TcpService(7, proxy(world.Hub)));
        world.Dials(7).Sends("A\r\n").Resets();
        world.Passes(1);
        Assert.That(world.Errors.Where(e => e.Kind != HubErrorKind.Peer), Is.Empty);
    }

    [Test]
    public void The_end_of_either_is_no_error_of_a_conversation_between_them()
    {
        using var world = new World();
        world.Starts(new TcpService(8, static c => c.UntilEol().Take(2)));
        world.Starts(new TcpService(7, async client =>
        {
            using var server = await Backend(world.Hub);
            using var replies = server.Subscribe(client);
            await client.Do(server).LastOrDefaultAsync();
        }));
        var (ending, served) = (world.Dials(7).Sends("A\r\n").Ends(), world.Dials(7).Sends("A\r\nB\r\n"));
        world.Passes(1);
        Assert.That((served.Ends().Received, world.Trouble), Is.EqualTo(("A\r\nB\r\n", "")));
        Assert.That(ending.HasEnded);
    }

    private static IEnumerable<TestCaseData<Func<Hub, Func<Connection, IObservable<ReadOnlyMemory<byte>>>>>> Proxies()
    {
        yield return new(static hub => client => Backend(hub).SelectMany(server =>
        {
            client.Subscribe(server);
            return server;
        })) { TestName = "{m}, subscribed" };
        yield return new(static hub => client => Backend(hub).SelectMany(server =>
            server.Merge(client.Do(server).IgnoreElements()))) { TestName = "{m}, merged" };
    }

    private static Awaitable<Connection> Backend(Hub hub) => Tcp.Connect("10.0.0.1", 8, null, hub);
}
