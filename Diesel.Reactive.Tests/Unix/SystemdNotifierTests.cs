using System.Net.Sockets;
using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>What systemd is told of an application.</summary>
public class SystemdNotifierTests
{
    private SocketFolder _folder = null!;
    private Socket _systemd = null!;

    [SetUp]
    public void Listen()
    {
        _folder = new SocketFolder();
        _systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = (int)Live.Patience.TotalMilliseconds };
        _systemd.Bind(_folder["notify"]);
    }

    [TearDown]
    public void Close()
    {
        _systemd.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void It_is_told_when_the_application_is_ready_lives_and_stops()
    {
        using var child = new Child("application", $"export NOTIFY_SOCKET={_folder.PathOf("notify")} WATCHDOG_USEC=100000");
        Assert.That(Heard(), Is.EqualTo("READY=1"));
        using (var peer = new RawPeer(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, int.Parse(child.Line()!))))
        {
            Assert.That(peer.Sends("A\r\n").Reads(3), Is.EqualTo("A\r\n"));
        }

        Assert.That((Heard(), Heard(), Heard()), Is.EqualTo(("WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1")));
        child.Signal("TERM");
        var last = Heard();
        while (last == "WATCHDOG=1")
        {
            last = Heard();
        }

        Assert.That((last, child.Ends().Code), Is.EqualTo(("STOPPING=1", 0)));
    }

    [Test]
    public void A_hub_that_takes_no_turn_is_silent()
    {
        using var child = new Child("spinning", $"ulimit -c 0; export NOTIFY_SOCKET={_folder.PathOf("notify")} WATCHDOG_USEC=100000");
        Assert.That(child.Line(), Is.EqualTo("spinning"));
        _systemd.ReceiveTimeout = 500;
        Assert.That(Heard, Throws.InstanceOf<SocketException>());
    }

    [Test]
    public void It_beats_twice_in_the_time_it_is_given_and_ends_with_the_application()
    {
        using var world = new World();
        var notifier = Notifier(world, ("NOTIFY_SOCKET", _folder.PathOf("notify")), ("WATCHDOG_USEC", "10000000"));
        world.Do(notifier.Ready);
        world.Passes(16);
        world.Do(notifier.Stopping);
        notifier.Dispose();
        world.Passes(60);
        Assert.That(AllHeard(), Is.EqualTo("READY=1 WATCHDOG=1 WATCHDOG=1 WATCHDOG=1 STOPPING=1"));
        Assert.That(world.Trouble, Is.Empty);
    }

    [Test]
    public void An_abstract_name_is_one()
    {
        using var world = new World();
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = (int)Live.Patience.TotalMilliseconds };
        systemd.Bind(new UnixDomainSocketEndPoint($"\0{_folder.PathOf("n")}"));
        using var notifier = Notifier(world, ("NOTIFY_SOCKET", $"@{_folder.PathOf("n")}"));
        world.Do(notifier.Ready);
        var buffer = new byte[100];
        Assert.That(Encoding.ASCII.GetString(buffer, 0, systemd.Receive(buffer)), Is.EqualTo("READY=1"));
    }

    [Test]
    public void Nobody_who_asks_is_told_nothing()
    {
        using var world = new World();
        using var notifier = Notifier(world, ("WATCHDOG_USEC", "10000000"));
        world.Do(notifier.Ready);
        world.Passes(60);
        Assert.That((AllHeard(), world.Trouble), Is.EqualTo(("", "")));
    }

    [Test]
    public void A_socket_that_is_not_there_is_said_once_and_harms_nothing()
    {
        using var world = new World();
        using var notifier = Notifier(world, ("NOTIFY_SOCKET", _folder.PathOf("gone")), ("WATCHDOG_USEC", "10000000"));
        world.Do(notifier.Ready);
        world.Passes(60);
        Assert.That((world.Errors.Single().Kind, world.Errors.Single().Exception.Message), Is.EqualTo(
            (HubErrorKind.Network, world.Errors.Single().Exception.Message)));
        Assert.That(world.Errors.Single().Exception.Message, Does.StartWith("Cannot tell systemd of this process: "));
    }

    [TestCase("10000000", null, 5.0)]
    [TestCase("10000000", "7", 5.0)]
    [TestCase("10000000", "8", null)]
    [TestCase("0", null, null)]
    [TestCase("1", null, null)]
    [TestCase("-5", null, null)]
    [TestCase("18446744073709551615", null, null)]
    [TestCase("soon", null, null)]
    [TestCase(null, null, null)]
    public void How_often_is_what_the_environment_says_to_this_process(string? microseconds, string? process, double? seconds) =>
        Assert.That(SystemdNotifier.PeriodOf(microseconds, process, 7)?.TotalSeconds, Is.EqualTo(seconds));

    private static SystemdNotifier Notifier(World world, params (string Name, string Value)[] environment) =>
        new(world.Hub, name => environment.FirstOrDefault(each => each.Name == name).Value);

    private string AllHeard()
    {
        var all = new List<string>();
        while (_systemd.Available > 0)
        {
            all.Add(Heard());
        }

        return string.Join(' ', all);
    }

    private string Heard()
    {
        var buffer = new byte[100];
        return Encoding.ASCII.GetString(buffer, 0, _systemd.Receive(buffer));
    }
}
