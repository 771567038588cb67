using System.Net;
using System.Net.Sockets;
using System.Reactive.Concurrency;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>What real hosts do where nobody looks for it; measured on Linux.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class FidelityTests
{
    private readonly TwoHosts _hosts = new();
    private readonly List<string> _heard = [];

    [Test]
    public void A_dial_beyond_a_full_backlog_is_answered_when_it_is_sent_again()
    {
        var listener = Listen("0.0.0.0:80", backlog: 2);
        listener.Pause();
        var dials = Enumerable.Range(0, 5).Select(_ => Dial("10.0.0.3:80")).ToList();
        Assert.That(dials.Count(static dial => dial.IsCompleted), Is.EqualTo(3), "one more than it was asked to");
        _hosts.Passes(1500);
        listener.Resume();
        _hosts.Passes(1400);
        Assert.That(dials.Count(static dial => dial.IsCompleted), Is.EqualTo(3), "they were sent at 1 s, and are again at 3 s");
        _hosts.Passes(200);
        Assert.That(dials.Count(static dial => dial.IsCompleted), Is.EqualTo(5));
    }

    [Test]
    public void Who_connects_to_no_address_in_particular_connects_to_itself()
    {
        Network.Host("client").CreateNetwork(_hosts.Client).Listen(IPEndPoint.Parse("0.0.0.0:80"), new(), static _ => { });
        Assert.That(Dial("0.0.0.0:80").Last.RemoteEndPoint.ToString(), Does.EndWith(":80"));
        Assert.That(Dial("0.0.0.0:81").Error, Has.InnerException.Property(nameof(SocketException.SocketErrorCode)).EqualTo(SocketError.ConnectionRefused));
    }

    [TestCase("10.0.0.2:1234")]
    [TestCase("0.0.0.0:1234")]
    public void A_dial_to_its_own_port_is_refused_as_a_real_one_is(string to) =>
        Assert.That(Dial(to, "0.0.0.0:1234").Error, Has.InnerException.Property(nameof(SocketException.SocketErrorCode)).EqualTo(SocketError.ConnectionRefused));

    [Test]
    public void A_port_that_was_closed_first_does_not_lead_there_again_for_a_minute()
    {
        Listen("0.0.0.0:80");
        Listen("0.0.0.0:81");
        Close(Dial("10.0.0.3:80", "0.0.0.0:1234"));
        Assert.That(Dial("10.0.0.3:80", "0.0.0.0:1234").Error, Has.InnerException.Property(nameof(SocketException.SocketErrorCode)).EqualTo(SocketError.AddressNotAvailable));
        Assert.That(Dial("10.0.0.3:81", "0.0.0.0:1234").IsCompleted, Is.True, "but elsewhere");
        Assert.That(Dial("10.0.0.3:80").IsCompleted, Is.True, "and another port does");
    }

    [Test]
    public void After_a_minute_it_does()
    {
        Listen("0.0.0.0:80");
        Close(Dial("10.0.0.3:80", "0.0.0.0:1234"));
        _hosts.Passes(60_001);
        Assert.That(Dial("10.0.0.3:80", "0.0.0.0:1234").IsCompleted, Is.True);
    }

    [Test]
    public void One_that_the_other_side_closed_first_does_at_once()
    {
        ITransport? accepted = null;
        _hosts.Server.Network.Listen(IPEndPoint.Parse("0.0.0.0:80"), new(), transport => accepted = transport);
        var dial = Dial("10.0.0.3:80", "0.0.0.0:1234");
        _hosts.Server.Schedule(TimeSpan.Zero, () => accepted!.Close());
        _hosts.Passes();
        Close(dial);
        Assert.That(Dial("10.0.0.3:80", "0.0.0.0:1234").IsCompleted, Is.True);
    }

    [TestCase(0, 256)]
    [TestCase(192, 256)]
    [TestCase(200, 166)]
    [TestCase(1400, 92)]
    [TestCase(2000, 48)]
    [TestCase(9000, 12)]
    [TestCase(30_000, 6)]
    public void Datagrams_that_wait_cost_what_they_cost_the_kernel(int length, int kept)
    {
        var late = _hosts.Server.Network.Bind(IPEndPoint.Parse("0.0.0.0:11"), null, new());
        var sender = Bind("client", _hosts.Client, new());
        for (var i = 0; i < 300; i++)
        {
            sender.Send(new Datagram(new byte[length], IPEndPoint.Parse("10.0.0.3:11")));
        }

        _hosts.Passes();
        late.Start(datagram => _heard.Add($"{datagram.Payload.Length}"), static _ => { });
        _hosts.Passes();
        Assert.That(_heard, Has.Count.EqualTo(kept));
    }

    [Test]
    public void A_broadcast_reaches_all_who_are_bound_to_its_port()
    {
        Hears("server", _hosts.Server, "0.0.0.0:11");
        Hears("third", _hosts.Server, "0.0.0.0:11");
        Hears("fourth", _hosts.Server, "0.0.0.0:12");
        Bind("client", _hosts.Client, new() { EnableBroadcast = true }).Send(new Datagram("hi".ToBytes(), new IPEndPoint(IPAddress.Broadcast, 11)));
        _hosts.Passes();
        Assert.That(_heard.Order(StringComparer.Ordinal), Is.EqualTo(new[] { "server hi", "third hi" }));
    }

    [Test]
    public void Without_permission_it_is_refused()
    {
        Exception? error = null;
        var sender = Network.Host("client").CreateNetwork(_hosts.Client).Bind(IPEndPoint.Parse("0.0.0.0:0"), null, new());
        sender.Start(static _ => { }, failed => error = failed);
        sender.Send(new Datagram("hi".ToBytes(), new IPEndPoint(IPAddress.Broadcast, 11)));
        _hosts.Passes();
        Assert.That(error, Has.InnerException.Property(nameof(SocketException.SocketErrorCode)).EqualTo(SocketError.AccessDenied));
    }

    private VirtualNetwork Network => _hosts.Network;

    private IListener Listen(string local, int backlog = 512) => _hosts.Server.Network.Listen(IPEndPoint.Parse(local), new() { Backlog = backlog }, static _ => { });

    private IDatagramTransport Bind(string host, Hub hub, SocketOptions options)
    {
        var socket = Network.Host(host).CreateNetwork(hub).Bind(IPEndPoint.Parse("0.0.0.0:0"), null, options);
        socket.Start(static _ => { }, static _ => { });
        return socket;
    }

    private void Hears(string host, Hub hub, string local) => Network.Host(host).CreateNetwork(hub).Bind(IPEndPoint.Parse(local), null, new())
        .Start(datagram => _heard.Add($"{host} {datagram.Payload.ToText()}"), static _ => { });

    private void Close(Story<ITransport> dial)
    {
        _hosts.Client.Schedule(TimeSpan.Zero, () => dial.Last.Close());
        _hosts.Passes();
    }

    private Story<ITransport> Dial(string remote, string? local = null) => _hosts.Watch(Network.Host("client").CreateNetwork(_hosts.Client)
        .Connect(IPEndPoint.Parse(remote), new() { LocalEndPoint = local is null ? null : IPEndPoint.Parse(local) }));
}
