using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>The longest time there is may be asked for wherever a time is: it never comes.</summary>
public class EndlessTimesTests
{
    private static readonly TimeSpan Endless = TimeSpan.MaxValue;

    private static readonly PoolOptions<int>[] Pools =
    [
        new() { IdleTimeout = Endless },
        new() { Lifetime = Endless },
        new() { AcquireTimeout = Endless },
        new() { AcquireTimeout = Endless, Validate = static _ => Task.CompletedTask },
    ];

    private static readonly TcpServiceOptions[] Services =
    [
        new() { IdleTimeout = Endless },
        new() { MinimumRate = 1, MinimumRateGrace = Endless },
        new() { DrainTimeout = Endless },
        new() { CloseTimeout = Endless },
    ];

    private static readonly LinkConditions[] Links =
    [
        new() { Latency = Endless },
        new() { Latency = Latency.Between(TimeSpan.Zero, Endless) },
        new() { Reordering = 1, ReorderingDelay = Endless },
    ];

    [Test]
    public void Of_a_pool([ValueSource(nameof(Pools))] PoolOptions<int> options)
    {
        using var world = new World();
        world.Passes(1);
        var made = 0;
        var pool = Pool.Of(() => ++made, null, options, world.Hub);
        Assert.That($"{world.Watch(pool.Use(Task.FromResult))} {world.Watch(pool.Use(Task.FromResult))}", Is.EqualTo("1 | 1 |"));
        Assert.That((pool.Counts.Idle, world.Trouble), Is.EqualTo((1, "")));
    }

    [Test]
    public void Of_a_drain_of_a_pool()
    {
        using var world = new World();
        var pool = Pool.Of(static () => 1, null, null, world.Hub);
        var lease = world.Watch(pool.Borrow(Endless)).Last;
        var drained = world.Watch(pool.Drain(Endless));
        world.Do(lease.Dispose);
        Assert.That(drained.ToString(), Is.EqualTo("() |"));
    }

    [Test]
    public void Of_a_service([ValueSource(nameof(Services))] TcpServiceOptions options)
    {
        using var world = new World();
        world.Passes(1);
        var service = world.Starts(new TcpService(7, static c => c.UntilEol(), options));
        var peer = world.Dials(7).Sends("a\r\n").Sends("b");
        world.Passes(100);
        var stopped = world.Watch(service.Stop());
        peer.Sends("\r\n").Ends();
        Assert.That((peer.Story, stopped.ToString(), world.Trouble), Is.EqualTo(("a b |", "() |", "")));
    }

    [Test]
    public void Of_a_dial()
    {
        using var world = new World();
        using var server = world.Listens(7);
        Assert.That(world.Watch(Tcp.Connect("10.0.0.1", 7, new() { ConnectTimeout = Endless }, world.Hub)).IsCompleted);
    }

    [Test]
    public void Of_conversations_with_senders_of_datagrams()
    {
        using var world = new World();
        world.Starts(new UdpService(9, static socket => socket.Peers(Endless).Do(static peer => peer.Subscribe(peer)).Select(static _ => default(Datagram)!).IgnoreElements()));
        world.Passes(1);
        Assert.That((world.Mate().Sends("a", 9).Story, world.Trouble), Is.EqualTo(("a", "")));
    }

    [Test]
    public void Of_a_turn()
    {
        using var live = new Live(new HubOptions { SlowTurn = Endless });
        Assert.That(live.Do(static () => 1), Is.EqualTo(1));
    }

    [Test]
    public void Of_a_link([ValueSource(nameof(Links))] LinkConditions conditions)
    {
        using var world = new World(seed: 1);
        world.Passes(1);
        world.Network.Conditions = conditions;
        var (dial, mate) = (world.Watch(Tcp.Connect("10.0.0.1", 7, hub: world.Hub)), world.Mate());
        world.Starts(new UdpService(9, static socket => socket));
        mate.Sends("a", 9).Sends("b", 9);
        world.Passes(5);
        Assert.That((dial.Values.Count, mate.Story, world.Trouble), Is.EqualTo((0, "", "")));
    }

    [Test]
    public void Of_a_fault_in_a_simulation() => Assert.That(() => Simulation.Run(3, static s =>
    {
        _ = (s.HubOn("a"), s.HubOn("b"));
        s.Pass(TimeSpan.FromSeconds(1));
        s.Inject(FaultKind.Partition, "a", "b", Endless, Endless);
        s.Inject(FaultKind.Stall, "a", "b", TimeSpan.FromSeconds(1), Endless);
        s.Pass(TimeSpan.FromSeconds(5));
    }), Throws.Nothing);

    [Test]
    public void Of_a_pass_of_virtual_time() => MarbleTest.Run(static t =>
    {
        t.AdvanceBy(TimeSpan.FromMilliseconds(1));
        t.AdvanceBy(Endless);
        Assert.That(t.Scheduler.Elapsed, Is.EqualTo(Endless));
    }, new MarbleOptions { ExpectNothing = true });
}
