using System.Runtime.Versioning;

namespace Diesel.Reactive.Tests;

/// <summary>Datagrams of Unix sockets where there are files, and other programs.</summary>
[Platform("Linux")]
[SupportedOSPlatform("linux")]
[TestFixtureSource(nameof(Loops))]
public class UnixDatagramSystemTests(string network) : UnixDatagrams(network)
{
    [Test]
    public void Its_file_has_its_mode_and_is_gone_when_the_service_stops_or_its_hub_ends()
    {
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite;
        var service = Live.Starts(new UdpService(Folder["s"], static socket => socket, new() { Socket = new() { FileMode = mode } }));
        Assert.That(File.GetUnixFileMode(Folder.PathOf("s")), Is.EqualTo(mode));
        Live.Await(service.Stop());
        Assert.That(Folder.Names, Is.Empty);
        Live.Starts(new UdpService(Folder["s"], static socket => socket));
        Live.Hub.Dispose();
        Assert.That(Folder.Names, Is.Empty);
    }

    [Test]
    public void A_file_that_was_left_is_replaced_and_one_that_is_no_socket_is_not()
    {
        Folder.LeaveStale("s");
        var service = Live.Starts(new UdpService(Folder["s"], static socket => socket));
        Live.Await(service.Stop());
        File.WriteAllText(Folder.PathOf("s"), "mine");
        Assert.That(() => Live.Starts(new UdpService(Folder["s"], static socket => socket)), Throws.InstanceOf<ConnectionException>().With.Message.Contains("no socket"));
        Assert.That(File.ReadAllText(Folder.PathOf("s")), Is.EqualTo("mine"));
    }

    [Test]
    public void Who_has_no_name_is_heard_and_cannot_be_answered()
    {
        var service = Shouts(Folder["s"], Live.Hub);
        using var unnamed = NewSocket();
        var heard = Live.Run(async () =>
        {
            using var socket = await Udp.Bind(Folder["d"]);
            using var watching = socket.Errors.Subscribe(Errors.Add);
            unnamed.SendTo("a"u8, Folder["d"]);
            var datagram = await socket.Receive();
            socket.OnNext(datagram.Reply("b".ToBytes()));
            await Live.Hub.Sleep(TimeSpan.FromMilliseconds(1));
            return $"{datagram.Payload.ToText()} {EndPoints.Text(datagram.RemoteEndPoint)}";
        });
        Assert.That(heard, Is.EqualTo("a an unnamed socket"));
        Assert.That(Errors.Single().Message, Is.EqualTo("Cannot send a datagram to a socket without a name: who sent from there cannot be answered, unless it is bound."));
        Assert.That(Live.Run(async () => await new UnixAsker(Folder["s"], Live.Hub).Ask("on it goes")), Is.EqualTo("ON IT GOES"));
        Live.Await(service.Stop());
    }

    [Test]
    public void Of_one_that_is_longer_than_any_of_ours_nothing_is_told_but_that_it_came()
    {
        using var unnamed = NewSocket();
        var next = Live.Run(async () =>
        {
            using var socket = await Udp.Bind(Folder["s"]);
            using var watching = socket.Errors.Subscribe(Errors.Add);
            unnamed.SendTo(new byte[100_000], Folder["s"]);
            unnamed.SendTo("next"u8, Folder["s"]);
            return (await socket.Receive()).Payload.ToText();
        });
        Assert.That((next, Errors.Single().Message), Is.EqualTo(
            ("next", $"A datagram from an unnamed socket to {Folder.PathOf("s")} was dropped: it had more than 65507 bytes.")));
    }

    [Test]
    public void Who_does_not_read_loses_what_the_system_does_not_keep_and_holds_up_nobody()
    {
        using var lazy = NewSocket();
        lazy.Bind(Folder["lazy"]);
        var most = int.Parse(File.ReadAllText("/proc/sys/net/unix/max_dgram_qlen")) + 1;
        var heard = Live.Run(async () =>
        {
            using var socket = await Udp.Bind(Folder["s"]);
            using var watching = socket.Errors.Subscribe(Errors.Add);
            using var other = await Udp.Bind(Folder["other"]);
            for (var i = 0; i < most + 5; i++)
            {
                socket.OnNext(new Datagram($"{i}".ToBytes(), Folder["lazy"]));
            }

            socket.OnNext(new Datagram("x".ToBytes(), Folder["other"]));
            return (await other.Receive()).Payload.ToText();
        });
        Assert.That((heard, Errors.Count), Is.EqualTo(("x", 5)));
        Assert.That(Errors[0].Message, Is.EqualTo(
            $"Cannot send a datagram to {Folder.PathOf("lazy")}: as many as the system keeps (net.unix.max_dgram_qlen) are unread there. Send more slowly, or wait for answers."));
    }

    [Test]
    public async Task Socat_sends_and_is_answered()
    {
        const string Socat = "/usr/bin/socat";
        SampleTool.Require(Socat, "socat");
        Shouts(Folder["s"], Live.Hub);
        var (code, text) = await SampleTool.Run("/bin/sh", "-c", $"echo hello | {Socat} -t 1 STDIO UNIX-SENDTO:{Folder.PathOf("s")},bind={Folder.PathOf("c")}");
        Assert.That((code, text), Is.EqualTo((0, "HELLO\n")));
    }
}
