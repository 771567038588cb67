namespace Diesel.Reactive.Tests;

public class HandlingTests
{
    private const int KiB = 1024;

    [Test]
    public void A_handler_that_only_pushes_ends_with_its_connection()
    {
        using var world = new World();
        var (feed, subscribed) = (new System.Reactive.Subjects.Subject<ReadOnlyMemory<byte>>(), 0);
        world.Starts(new TcpService(7, _ => Observable.Defer(() =>
        {
            subscribed++;
            return feed.Finally(() => subscribed--);
        })));
        var peer = world.Dials(7);
        Assert.That(subscribed, Is.EqualTo(1));
        peer.Resets();
        Assert.That(subscribed, Is.Zero);
    }

    [Test]
    public void A_handler_that_outlives_its_connection_keeps_its_place()
    {
        using var world = new World();
        var go = new System.Reactive.Subjects.AsyncSubject<int>();
        var service = world.Starts(new TcpService(7, async c => await go));
        world.Dials(7).Resets();
        var before = service.ConnectionCount;
        world.Do(() => { go.OnNext(1); go.OnCompleted(); });
        world.Settle();
        Assert.That((before, service.ConnectionCount), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Replies_of_SelectAsync_hold_the_input()
    {
        using var world = new World();
        world.Starts(new TcpService(7, c => c.UntilEol().SelectAsync(async line =>
        {
            await world.Hub.Sleep(TimeSpan.FromMilliseconds(1));
            return (ReadOnlyMemory<byte>)new byte[4 * KiB];
        }, max: 4, hold: c.Pause)));
        var peer = world.Dials(7).StopsReading().Sends(string.Concat(Enumerable.Repeat("12345678\r\n", 20_000)));
        world.Passes(30);
        Assert.That((world.Trouble, peer.Unsent > 0), Is.EqualTo(("", true)));
    }

    [Test]
    public void A_handlers_own_failure_to_reach_somebody_is_reported()
    {
        using var world = new World();
        world.Starts(new TcpService(7, async c =>
        {
            await c.Read(Framing.UntilEol());
            await Tcp.Connect("10.0.0.1", 8, null, world.Hub);
        }));
        world.Dials(7).Sends("A\r\n");
        world.Passes(20);
        Assert.That(world.Trouble, Is.EqualTo(nameof(ConnectionException)));
    }

    [Test]
    public void A_peer_is_not_slow_while_the_server_does_not_read()
    {
        using var world = new World();
        world.Starts(new TcpService(7, async c =>
        {
            while (true)
            {
                var line = await c.Read(Framing.UntilEol());
                using var held = c.Pause();
                await world.Hub.Sleep(TimeSpan.FromSeconds(3));
                c.OnNext(line);
            }
        }, new() { MinimumRate = 10, MinimumRateGrace = TimeSpan.FromSeconds(1) }));
        var peer = world.Dials(7).Sends("A\r\nB\r\nC");
        world.Passes(5.5);
        Assert.That(peer.Story, Is.EqualTo("A "));
    }
}
