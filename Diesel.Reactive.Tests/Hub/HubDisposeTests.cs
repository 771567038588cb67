using System.Net;
using System.Net.Sockets;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Tests;

public class HubDisposeTests
{
    [Test]
    public void Dispose_aborts_open_connections()
    {
        var wire = new Wire();
        var lines = wire.Lines();
        wire.Hub.Dispose();
        Assert.That((wire.Transport.IsClosed, lines.ToString(), wire.Connection.Closed.IsCancellationRequested), Is.EqualTo(
            (true, "#ConnectionException", true)));
    }

    [Test]
    public void Dispose_on_the_hub_itself_aborts_open_connections()
    {
        var wire = new Wire();
        wire.Hub.Schedule(wire.Hub.Dispose);
        wire.World.Settle();
        Assert.That(wire.Transport.IsClosed, Is.True);
    }

    [Test]
    public void Dispose_on_a_scheduler_with_a_thread_aborts_open_connections()
    {
        using var thread = new EventLoopScheduler();
        using var live = new Live(new Hub(thread));
        using var peer = new RawPeer();
        var connection = live.Await(Tcp.Connect("127.0.0.1", peer.Port, hub: live.Hub));
        peer.Accept();
        live.Hub.Dispose();
        Assert.That(peer.ReadsToEnd().Error, Is.EqualTo(SocketError.ConnectionReset));
    }

    [Test]
    public void Dispose_stops_listening_and_datagrams()
    {
        using var world = new World();
        world.Starts(new TcpService(7, static c => c));
        world.Starts(new UdpService(8, static socket => socket));
        world.Hub.Dispose();
        using var next = new Hub(world.Clock, world.Network);
        Assert.That(() => next.Network.Listen(new IPEndPoint(IPAddress.Any, 7), new(), static _ => { }), Throws.Nothing);
        Assert.That(() => next.Network.Bind(new IPEndPoint(IPAddress.Any, 8), null, new()), Throws.Nothing);
    }

    [Test]
    public void What_was_queued_is_dropped()
    {
        using var world = new World();
        var ran = false;
        world.Hub.Schedule(() => ran = true);
        world.Hub.Dispose();
        world.Settle();
        Assert.That(ran, Is.False);
    }

    [Test]
    public void Disposing_twice_is_disposing_once()
    {
        var live = new Live();
        live.Hub.Dispose();
        Assert.That(live.Hub.Dispose, Throws.Nothing);
    }

    [Test]
    public void A_disposed_hub_ignores_what_is_queued_and_timers()
    {
        var live = new Live();
        live.Hub.Dispose();
        Assert.That(() => live.Hub.Schedule(static () => { }), Throws.Nothing);
        Assert.That(() => live.Hub.Schedule(TimeSpan.FromMilliseconds(1), static () => { }), Throws.Nothing);
    }

    [Test]
    public void Nothing_listens_on_a_disposed_hub()
    {
        var live = new Live();
        live.Hub.Dispose();
        Assert.That(() => new TcpService(0, static connection => connection).Start(live.Hub), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Sending_to_a_disposed_hub_fails_and_does_not_wait_for_ever()
    {
        var live = new Live();
        var context = live.Do(() => SynchronizationContext.Current!);
        live.Hub.Dispose();
        Assert.That(() => live.Await(Task.Run(() => context.Send(static _ => { }, null))), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_Closed_callback_that_throws_does_not_keep_the_others_open()
    {
        using var world = new World();
        var (first, second) = (world.Wire(), world.Wire());
        first.Connection.Closed.Register(static () => throw new FormatException());
        second.Connection.Closed.Register(static () => throw new FormatException());
        world.Hub.Dispose();
        Assert.That((first.Transport.IsClosed, second.Transport.IsClosed), Is.EqualTo((true, true)));
    }

    [Test]
    public void The_default_hub_is_made_anew_after_it_was_disposed()
    {
        var first = Hub.Default;
        Assert.That(Hub.Default, Is.SameAs(first));
        first.Dispose();
        Assert.That(Hub.Default, Is.Not.SameAs(first));
    }
}
