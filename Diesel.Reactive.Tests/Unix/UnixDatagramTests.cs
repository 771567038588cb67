using System.Net.Sockets;
using System.Net;
using System.Runtime.Versioning;

namespace Diesel.Reactive.Tests;

/// <summary>Datagrams of Unix sockets: the same on every loop, and on the virtual network.</summary>
[Platform("Linux")]
[SupportedOSPlatform("linux")]
[TestFixtureSource(nameof(Networks))]
public class UnixDatagramTests(string network)
{
    private readonly List<Exception> _errors = [];
    private Live? _live;
    private World? _world;
    private SocketFolder _folder = null!;

    private static IEnumerable<string> Networks => [.. EventLoops.Named.Select(static loop => loop.Name), "virtual"];

    [SetUp]
    public void Start()
    {
        _errors.Clear();
        _folder = new SocketFolder();
        _world = network == "virtual" ? new World() : null;
        _live = _world is null ? new Live(EventLoops.Named.Single(loop => loop.Name == network).NewHub()) : null;
    }

    [TearDown]
    public void Stop()
    {
        _live?.Dispose();
        _world?.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void A_service_answers_each_who_asks([Values] bool isAbstract)
    {
        var at = isAbstract ? new UnixDomainSocketEndPoint($"\0{_folder.PathOf("s")}") : _folder["s"];
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
            using var socket = await Udp.Bind(_folder["s"]);
            using var sender = await Udp.Connect(_folder["s"]);
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
            using var socket = await Udp.Bind(_folder["me"]);
            using var watching = socket.Errors.Subscribe(_errors.Add);
            socket.OnNext(new Datagram("a".ToBytes(), _folder["s"]));
            await hub.Sleep(TimeSpan.FromMilliseconds(1));
            using var other = await Udp.Bind(_folder["s"]);
            socket.OnNext(new Datagram("b".ToBytes(), _folder["s"]));
            return (await other.Receive()).Payload.ToText();
        }), Is.EqualTo("b"));
        Assert.That(_errors.Single().Message, Is.EqualTo($"Cannot send a datagram to {_folder.PathOf("s")}: nobody receives there; start its server first, or send again later."));
    }

    [Test]
    public void One_too_large_is_an_entry_of_Errors_and_the_largest_arrives()
    {
        Assert.That(Play(async hub =>
        {
            using var socket = await Udp.Bind(_folder["s"]);
            using var sender = await Udp.Connect(_folder["s"]);
            using var watching = sender.Errors.Subscribe(_errors.Add);
            sender.Send(new byte[65_508]);
            sender.Send(new byte[65_507]);
            return $"{(await socket.Receive()).Payload.Length}";
        }), Is.EqualTo("65507"));
        Assert.That(_errors.Single().Message, Is.EqualTo($"Cannot send a datagram of 65508 bytes to {_folder.PathOf("s")}: it is too large; send at most 65507 bytes."));
    }

    [Test]
    public void Nobody_there_to_connect_to_is_said() => Assert.That(
        () => Play(async hub => $"{await Udp.Connect(_folder["s"])}"),
        Throws.InstanceOf<ConnectionException>().With.Message.EqualTo(
            $"Cannot connect to {_folder.PathOf("s")}: there is no such socket. Is its server running, and the path right?"));

    [Test]
    public void A_socket_for_streams_is_another_kind()
    {
        Assert.That(
            () => Play(async hub =>
            {
                await using var service = new TcpService(_folder["s"], static c => c, hub: hub);
                service.Start();
                return $"{await Udp.Connect(_folder["s"])}";
            }),
            Throws.InstanceOf<ConnectionException>().With.Message.Contains("it is a socket of another kind"));
        Assert.That(
            () => Play(async hub =>
            {
                using var socket = await Udp.Bind(_folder["d"]);
                return $"{await Tcp.Connect(_folder["d"])}";
            }),
            Throws.InstanceOf<ConnectionException>().With.Message.Contains("it is a socket of another kind"));
    }

    [Test]
    public void A_path_is_one_sockets_and_free_when_that_is_closed()
    {
        Assert.That(
            Play(async hub =>
            {
                using var first = await Udp.Bind(_folder["s"]);
                var refused = await Udp.Bind(_folder["s"]).Select(static _ => "").Catch(static (ConnectionException error) => Observable.Return(error.Message));
                first.Dispose();
                using var second = await Udp.Bind(_folder["s"]);
                return refused;
            }),
            Is.EqualTo($"Cannot bind to {_folder.PathOf("s")}: somebody listens there. Stop the program that does, or choose another path."));
    }

    [Test]
    public void Who_sends_to_an_address_from_a_path_is_told()
    {
        Play(async hub =>
        {
            using var socket = await Udp.Bind(_folder["s"]);
            using var watching = socket.Errors.Subscribe(_errors.Add);
            socket.OnNext(new Datagram("a".ToBytes(), new IPEndPoint(IPAddress.Loopback, 9)));
            await hub.Sleep(TimeSpan.FromMilliseconds(1));
            return "";
        });
        Assert.That(_errors.Single().Message, Does.StartWith("Cannot send a datagram to 127.0.0.1:9: "));
    }

    [Test]
    public void It_knows_no_groups() => Assert.That(
        Play(async hub =>
        {
            using var socket = await Udp.Bind(_folder["s"]);
            return $"{socket.Feature<IMulticastGroups>()}{socket.Feature<IHopLimit>()}";
        }),
        Is.Empty);

    [Test]
    public void Its_file_has_its_mode_and_is_gone_when_the_service_stops_or_its_hub_ends()
    {
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite;
        var live = Real();
        var service = live.Starts(new UdpService(_folder["s"], static socket => socket, new() { Socket = new() { FileMode = mode } }));
        Assert.That(File.GetUnixFileMode(_folder.PathOf("s")), Is.EqualTo(mode));
        live.Await(service.Stop());
        Assert.That(_folder.Names, Is.Empty);
        live.Starts(new UdpService(_folder["s"], static socket => socket));
        live.Hub.Dispose();
        Assert.That(_folder.Names, Is.Empty);
    }

    [Test]
    public void A_file_that_was_left_is_replaced_and_one_that_is_no_socket_is_not()
    {
        var live = Real();
        _folder.LeaveStale("s");
        var service = live.Starts(new UdpService(_folder["s"], static socket => socket));
        live.Await(service.Stop());
        File.WriteAllText(_folder.PathOf("s"), "mine");
        Assert.That(() => live.Starts(new UdpService(_folder["s"], static socket => socket)), Throws.InstanceOf<ConnectionException>().With.Message.Contains("no socket"));
        Assert.That(File.ReadAllText(_folder.PathOf("s")), Is.EqualTo("mine"));
    }

    [Test]
    public void Who_has_no_name_is_heard_and_cannot_be_answered()
    {
        var live = Real();
        var service = Shouts(_folder["s"], live.Hub);
        using var unnamed = NewSocket();
        var heard = live.Run(async () =>
        {
            using var socket = await Udp.Bind(_folder["d"]);
            using var watching = socket.Errors.Subscribe(_errors.Add);
            unnamed.SendTo("a"u8, _folder["d"]);
            var datagram = await socket.Receive();
            socket.OnNext(datagram.Reply("b".ToBytes()));
            await live.Hub.Sleep(TimeSpan.FromMilliseconds(1));
            return $"{datagram.Payload.ToText()} {EndPoints.Text(datagram.RemoteEndPoint)}";
        });
        Assert.That(heard, Is.EqualTo("a an unnamed socket"));
        Assert.That(_errors.Single().Message, Is.EqualTo("Cannot send a datagram to a socket without a name: who sent from there cannot be answered, unless it is bound."));
        Assert.That(live.Run(async () => await new UnixAsker(_folder["s"], live.Hub).Ask("on it goes")), Is.EqualTo("ON IT GOES"));
        live.Await(service.Stop());
    }

    [Test]
    public void Of_one_that_is_longer_than_any_of_ours_nothing_is_told_but_that_it_came()
    {
        var live = Real();
        using var unnamed = NewSocket();
        var next = live.Run(async () =>
        {
            using var socket = await Udp.Bind(_folder["s"]);
            using var watching = socket.Errors.Subscribe(_errors.Add);
            unnamed.SendTo(new byte[100_000], _folder["s"]);
            unnamed.SendTo("next"u8, _folder["s"]);
            return (await socket.Receive()).Payload.ToText();
        });
        Assert.That((next, _errors.Single().Message), Is.EqualTo(
            ("next", $"A datagram from an unnamed socket to {_folder.PathOf("s")} was dropped: it had more than 65507 bytes.")));
    }

    [Test]
    public void Who_does_not_read_loses_what_the_system_does_not_keep_and_holds_up_nobody()
    {
        var live = Real();
        using var lazy = NewSocket();
        lazy.Bind(_folder["lazy"]);
        var most = int.Parse(File.ReadAllText("/proc/sys/net/unix/max_dgram_qlen")) + 1;
        var heard = live.Run(async () =>
        {
            using var socket = await Udp.Bind(_folder["s"]);
            using var watching = socket.Errors.Subscribe(_errors.Add);
            using var other = await Udp.Bind(_folder["other"]);
            for (var i = 0; i < most + 5; i++)
            {
                socket.OnNext(new Datagram($"{i}".ToBytes(), _folder["lazy"]));
            }

            socket.OnNext(new Datagram("x".ToBytes(), _folder["other"]));
            return (await other.Receive()).Payload.ToText();
        });
        Assert.That((heard, _errors.Count), Is.EqualTo(("x", 5)));
        Assert.That(_errors[0].Message, Is.EqualTo(
            $"Cannot send a datagram to {_folder.PathOf("lazy")}: as many as the system keeps (net.unix.max_dgram_qlen) are unread there. Send more slowly, or wait for answers."));
    }

    [Test]
    public async Task Socat_sends_and_is_answered()
    {
        const string Socat = "/usr/bin/socat";
        SampleTool.Require(Socat, "socat");
        var live = Real();
        Shouts(_folder["s"], live.Hub);
        var (code, text) = await SampleTool.Run("/bin/sh", "-c", $"echo hello | {Socat} -t 1 STDIO UNIX-SENDTO:{_folder.PathOf("s")},bind={_folder.PathOf("c")}");
        Assert.That((code, text), Is.EqualTo((0, "HELLO\n")));
    }

    private static UdpService Shouts(EndPoint at, Hub hub)
    {
        var service = new UdpService(at, static socket => socket.Datagrams().Select(static d => d.Reply(d.Payload.ToUpper())), hub: hub);
        service.Start();
        return service;
    }

    private static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    private Live Real()
    {
        Assume.That(_live, Is.Not.Null, "A virtual network has no files, and no other programs.");
        return _live!;
    }

    private string Play(Func<Hub, Task<string>> loop)
    {
        if (_live is not null)
        {
            return _live.Run(() => loop(_live.Hub));
        }

        var told = "";
        _world!.Play(async () => told = await loop(_world.Hub));
        return told;
    }

    private sealed class UnixAsker(EndPoint remote, Hub hub) : DatagramClient(remote, hub: hub)
    {
        public Awaitable<string> Ask(string question) => Call(async socket =>
        {
            socket.Send(question.ToBytes());
            return (await socket.Receive()).Payload.ToText();
        });
    }
}
