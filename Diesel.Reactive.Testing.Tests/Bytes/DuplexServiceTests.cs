using System.Net;
using System.Reactive.Concurrency;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class DuplexServiceTests
{
    [Test]
    public void A_peer_dials_a_service_of_replies() => MarbleTest.Run(t =>
    {
        var service = Started(t, new TcpService(7, c => c.UntilEol().Select(line => line.ToUpper())));
        t.Duplex(rx: @"-'pi'-'ng\r\n'-|", tx: @"---'PING\r\n'-|").Dials(service.EndPoint);
    });

    [Test]
    public void A_peer_dials_a_service_of_conversations() => MarbleTest.Run(t =>
    {
        var service = Started(t, new TcpService(0, async c =>
        {
            var line = await c.Read(Framing.UntilEol());
            await Task.Delay(TimeSpan.FromMilliseconds(3), t.TimeProvider);
            await c.Send(line.ToUpper());
        }));
        t.Duplex(rx: @"-'a\r\n'-----|", tx: @"----['A\r\n'|]").Dials(service.EndPoint);
    });

    [Test]
    public void Peers_of_one_service_do_not_mix() => MarbleTest.Run(t =>
    {
        var service = Started(t, new TcpService(7, c => c));
        t.Duplex(rx: "-a-b|", tx: "-a-b|").Dials(service.EndPoint);
        t.Duplex(rx: "-c#", tx: "-c").Dials(service.EndPoint);
        t.Duplex(rx: "--d-|", tx: "--d-|").Dials(service.EndPoint);
    });

    [Test]
    public void A_full_service_lets_peers_wait() => MarbleTest.Run(t =>
    {
        var service = Started(t, new TcpService(7, c => c, new() { MaxConnections = 1 }));
        t.Duplex(rx: "a--|", tx: "a--|").Dials(service.EndPoint);
        t.Duplex(rx: "b----|", tx: "---b-|").Dials(service.EndPoint);
    });

    [Test]
    public void Nobody_listens_there() => MarbleTest.Run(
        t => Assert.That(() => t.Duplex("").Dials(new IPEndPoint(IPAddress.Loopback, 7)), Throws.InvalidOperationException.With.Message.Contains("service.Start(t.Hub)")));

    [Test]
    public Task A_client_dials_the_peer() => MarbleTest.RunAsync(async t =>
    {
        t.Duplex(rx: @"--'A\r\n'|", tx: @"'a\r\n'-|").Named("server").At("server", 7);
        using var client = new Shouter(t.Hub);
        Assert.That((await client.Shout("a"), t.Scheduler.Elapsed.TotalMilliseconds), Is.EqualTo(("A", 2d)));
    });

    [Test]
    public Task A_client_dials_the_next_peer_after_a_reset() => MarbleTest.RunAsync(async t =>
    {
        t.Duplex(rx: @"--#", tx: @"'a\r\n'").At("server", 7);
        t.Duplex(rx: @"---'B\r\n'|", tx: @"'b\r\n'--|").At("server", 7);
        using var client = new Shouter(t.Hub);
        var first = await client.Shout("a").Materialize();
        Assert.That(first.Exception, Is.InstanceOf<ConnectionException>());
        await Task.Delay(TimeSpan.FromMilliseconds(5), t.TimeProvider);
        Assert.That((await client.Shout("b"), t.Scheduler.Elapsed.TotalMilliseconds), Is.EqualTo(("B", 10d)));
    });

    [Test]
    public void A_listener_that_is_closed_while_it_pauses_resets_who_waits() => MarbleTest.Run(t =>
    {
        var peer = t.Duplex("-----", "--#");
        var listener = t.Hub.Network.Listen(new IPEndPoint(IPAddress.Any, 7), new(), _ => throw new AssertionException("accepted"));
        t.Hub.Schedule(listener.Pause);
        peer.Dials(listener.LocalEndPoint);
        t.On("--x", _ => listener.Dispose());
    });

    [Test]
    public void One_dial_too_many_is_refused() => MarbleTest.Run(t =>
    {
        t.Duplex("--#").At("server", 7);
        var dial = Tcp.Connect("server", 7, hub: t.Hub);
        t.ExpectObservable(dial.Select(_ => "connected").Concat(dial.Select(_ => "again"))).WithError(e => e is ConnectionException).ToBe("['connected'#]");
    });

    private static T Started<T>(MarbleTest test, T service)
        where T : IService
    {
        service.Start(test.Hub);
        return service;
    }

    private sealed class Shouter(Hub hub) : Client("server", 7, null, hub)
    {
        public Awaitable<string> Shout(string text) => Call(async connection =>
        {
            connection.OnNext($"{text}\r\n".ToBytes());
            return (await connection.Read(Framing.UntilEol())).TrimEol().ToText();
        });
    }
}
