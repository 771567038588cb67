using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace Diesel.Reactive.Tests;

/// <summary>Datagrams of Unix sockets: the same on every loop, and on the virtual network.</summary>
[Platform("Linux")]
[SupportedOSPlatform("linux")]
[TestFixtureSource(nameof(Networks))]
public class UnixDatagramTests(string network) : UnixDatagrams(network)
{
    private static IEnumerable<string> Networks => [.. Loops, "virtual"];

    [Test]
    public void A_service_answers_each_who_asks([Values] bool isAbstract)
    {
        var at = isAbstract ? new UnixDomainSocketEndPoint($"\0{Folder.PathOf("s")}") : Folder["s"];
        Assert.That(Play(async hub =>
        {
            await using var service = Shouts(at, hub);
            using UnixAsker one = new(at, hub), other = new(at, hub);
            return $"{await one.Ask("a")} {await other.Ask("b")} {await one.Ask("c")} {(service.EndPoint.Equals(at) ? "there" : service.EndPoint)}";
        }), Is.EqualTo("A B C there"));
    }

    [Test]
    public void Each_keeps_its_bounds_and_their_order_also_of_one_length_and_of_no_bytes()
    {
        Assert.That(Play(async hub =>
        {
            using var socket = await Udp.Bind(Folder["s"]);
            using var sender = await Udp.Connect(Folder["s"]);
            foreach (var text in (string[])["aa", "bb", "", "cc", "d"])
            {
                sender.Send(text.ToBytes());
            }

            var all = await socket.Datagrams().Take(5).ToList();
            return $"{string.Join(',', all.Select(static d => d.Payload.ToText()))} {all.All(d => d.RemoteEndPoint.Equals(sender.LocalEndPoint))}";
        }), Is.EqualTo("aa,bb,,cc,d True"));
    }

    [Test]
    public void One_to_nobody_is_an_entry_of_Errors_and_the_next_arrives()
    {
        Assert.That(Play(async hub =>
        {
            using var socket = await Udp.Bind(Folder["me"]);
            using var watching = socket.Errors.Subscribe(Errors.Add);
            socket.OnNext(new Datagram("a".ToBytes(), Folder["s"]));
            await hub.Sleep(TimeSpan.FromMilliseconds(1));
            using var other = await Udp.Bind(Folder["s"]);
            socket.OnNext(new Datagram("b".ToBytes(), Folder["s"]));
            return (await other.Receive()).Payload.ToText();
        }), Is.EqualTo("b"));
        Assert.That(Errors.Single().Message, Is.EqualTo($"Cannot send a datagram to {Folder.PathOf("s")}: nobody receives there; start its server first, or send again later."));
    }

    [Test]
    public void One_too_large_is_an_entry_of_Errors_and_the_largest_arrives()
    {
        Assert.That(Play(async hub =>
        {
            using var socket = await Udp.Bind(Folder["s"]);
            using var sender = await Udp.Connect(Folder["s"]);
            using var watching = sender.Errors.Subscribe(Errors.Add);
            sender.Send(new byte[65_508]);
            sender.Send(new byte[65_507]);
            return $"{(await socket.Receive()).Payload.Length}";
        }), Is.EqualTo("65507"));
        Assert.That(Errors.Single().Message, Is.EqualTo($"Cannot send a datagram of 65508 bytes to {Folder.PathOf("s")}: it is too large; send at most 65507 bytes."));
    }

    [Test]
    public void Nobody_there_to_connect_to_is_said() => Assert.That(
        () => Play(async hub => $"{await Udp.Connect(Folder["s"])}"),
        Throws.InstanceOf<ConnectionException>().With.Message.EqualTo(
            $"Cannot connect to {Folder.PathOf("s")}: there is no such socket. Is its server running, and the path right?"));

    [Test]
    public void A_socket_for_streams_is_another_kind()
    {
        Assert.That(
            () => Play(async hub =>
            {
                await using var service = new TcpService(Folder["s"], static c => c, hub: hub);
                service.Start();
                return $"{await Udp.Connect(Folder["s"])}";
            }),
            Throws.InstanceOf<ConnectionException>().With.Message.Contains("it is a socket of another kind"));
        Assert.That(
            () => Play(async hub =>
            {
                using var socket = await Udp.Bind(Folder["d"]);
                return $"{await Tcp.Connect(Folder["d"])}";
            }),
            Throws.InstanceOf<ConnectionException>().With.Message.Contains("it is a socket of another kind"));
    }

    [Test]
    public void A_path_is_one_sockets_and_free_when_that_is_closed()
    {
        Assert.That(
            Play(async hub =>
            {
                using var first = await Udp.Bind(Folder["s"]);
                var refused = await Udp.Bind(Folder["s"]).Select(static _ => "").Catch(static (ConnectionException error) => Observable.Return(error.Message));
                first.Dispose();
                using var second = await Udp.Bind(Folder["s"]);
                return refused;
            }),
            Is.EqualTo($"Cannot bind to {Folder.PathOf("s")}: somebody listens there. Stop the program that does, or choose another path."));
    }

    [Test]
    public void Who_sends_to_an_address_from_a_path_is_told()
    {
        Play(async hub =>
        {
            using var socket = await Udp.Bind(Folder["s"]);
            using var watching = socket.Errors.Subscribe(Errors.Add);
            socket.OnNext(new Datagram("a".ToBytes(), new IPEndPoint(IPAddress.Loopback, 9)));
            await hub.Sleep(TimeSpan.FromMilliseconds(1));
            return "";
        });
        Assert.That(Errors.Single().Message, Does.StartWith("Cannot send a datagram to 127.0.0.1:9: "));
    }

    [Test]
    public void It_knows_no_groups() => Assert.That(
        Play(async hub =>
        {
            using var socket = await Udp.Bind(Folder["s"]);
            return $"{socket.Feature<IMulticastGroups>()}{socket.Feature<IHopLimit>()}";
        }),
        Is.Empty);
}
