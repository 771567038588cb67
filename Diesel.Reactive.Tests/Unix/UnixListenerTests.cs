using System.Net.Sockets;
using System.Runtime.Versioning;

namespace Diesel.Reactive.Tests;

/// <summary>The file of a Unix socket that listens: whose it is, and when it comes and goes.</summary>
[UnsupportedOSPlatform("windows")]
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class UnixListenerTests(Func<Hub> newHub)
{
    private Live _live = null!;
    private SocketFolder _folder = null!;

    [SetUp]
    public void Start() => (_live, _folder) = (new Live(newHub()), new SocketFolder());

    [TearDown]
    public void Stop()
    {
        _live.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void It_is_gone_when_the_service_has_stopped()
    {
        var service = Serves();
        Assert.That(_folder.Names, Is.EqualTo("s"));
        _live.Await(service.Stop());
        Assert.That(_folder.Names, Is.Empty);
    }

    [Test]
    public void It_is_gone_when_the_hub_has_ended()
    {
        Serves();
        _live.Hub.Dispose();
        Assert.That(_folder.Names, Is.Empty);
    }

    [Test]
    public void It_is_gone_when_nobody_listens_any_more()
    {
        var listening = Tcp.Listen(_folder["s"], hub: _live.Hub).Subscribe();
        Assert.That(_folder.Names, Is.EqualTo("s"));
        listening.Dispose();
        _live.Do(static () => { });
        Assert.That(_folder.Names, Is.Empty);
    }

    [Test]
    public void Connections_that_are_open_live_on_without_it()
    {
        var service = Serves();
        using var peer = new RawPeer(_folder["s"]);
        peer.Sends("A\r\n").Reads(3);
        File.Delete(_folder.PathOf("s"));
        Assert.That(peer.Sends("B\r\n").Reads(3), Is.EqualTo("B\r\n"));
        peer.Dispose();
        _live.Await(service.Stop());
    }

    [Test]
    public void One_that_a_process_has_left_is_replaced()
    {
        for (var i = 0; i < 3; i++)
        {
            _folder.LeaveStale("s");
            Assert.That(() => new RawPeer(_folder["s"]), Throws.InstanceOf<SocketException>());
            var service = Serves();
            using var peer = new RawPeer(_folder["s"]);
            Assert.That(peer.Sends("A\r\n").Reads(3), Is.EqualTo("A\r\n"));
            peer.Dispose();
            _live.Await(service.Stop());
        }
    }

    [Test]
    public void One_at_which_somebody_listens_is_left_alone()
    {
        using var other = new RawPeer(_folder["s"], backlog: 5);
        Assert.That(() => Serves(), Throws.InstanceOf<ConnectionException>().With.Message.EqualTo(
            $"Cannot listen at {_folder.PathOf("s")}: somebody listens there. Stop the program that does, or choose another path."));
        using var peer = new RawPeer(_folder["s"]);
        other.Accept();
    }

    [Test]
    public void Also_when_as_many_wait_there_as_may()
    {
        using var other = new RawPeer(_folder["s"], backlog: 0);
        using var waiting = new RawPeer(_folder["s"]);
        Assert.That(() => Serves(), Throws.InstanceOf<ConnectionException>().With.Message.Contains("somebody listens there"));
    }

    [Test]
    public void So_is_one_of_this_process()
    {
        Serves();
        Assert.That(() => Serves(), Throws.InstanceOf<ConnectionException>().With.Message.Contains("somebody listens there"));
        using var peer = new RawPeer(_folder["s"]);
        Assert.That(peer.Sends("A\r\n").Reads(3), Is.EqualTo("A\r\n"));
    }

    [Test]
    public void A_file_that_is_no_socket_is_left_alone()
    {
        File.WriteAllText(_folder.PathOf("s"), "mine");
        Assert.That(() => Serves(), Throws.InstanceOf<ConnectionException>().With.Message.Contains("a file that is no socket has that path, and is left alone"));
        Assert.That(File.ReadAllText(_folder.PathOf("s")), Is.EqualTo("mine"));
    }

    [Test]
    public void So_is_a_folder()
    {
        Directory.CreateDirectory(_folder.PathOf("s"));
        Assert.That(() => Serves(), Throws.InstanceOf<ConnectionException>().With.Message.Contains("no socket"));
        Assert.That(_folder.Names, Is.EqualTo("s"));
    }

    [Test]
    public void One_that_another_has_put_in_its_place_is_not_removed()
    {
        var service = Serves();
        File.Delete(_folder.PathOf("s"));
        using var other = new RawPeer(_folder["s"], backlog: 5);
        _live.Await(service.Stop());
        Assert.That(_folder.Names, Is.EqualTo("s"));
        using var peer = new RawPeer(_folder["s"]);
        other.Accept();
    }

    [Test]
    public void Another_mode_of_it_makes_it_no_other()
    {
        var service = Serves();
        File.SetUnixFileMode(_folder.PathOf("s"), UnixFileMode.UserRead);
        _live.Await(service.Stop());
        Assert.That(_folder.Names, Is.Empty);
    }

    [TestCase(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [TestCase(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)]
    public void Its_mode_is_what_was_asked_for(UnixFileMode mode)
    {
        _live.Starts(new TcpService(_folder["s"], static c => c, new() { Socket = new() { FileMode = mode } }));
        Assert.That(File.GetUnixFileMode(_folder.PathOf("s")), Is.EqualTo(mode));
    }

    [Test]
    public void An_abstract_name_has_none()
    {
        var at = new UnixDomainSocketEndPoint($"\0{_folder.PathOf("s")}");
        var service = _live.Starts(new TcpService(at, static c => c));
        Assert.That((_folder.Names, service.EndPoint), Is.EqualTo(("", at)));
        Assert.That(() => _live.Starts(new TcpService(at, static c => c)), Throws.InstanceOf<ConnectionException>().With.Message.Contains("somebody listens there"));
        _live.Await(service.Stop());
        Assert.That(() => new RawPeer(at), Throws.InstanceOf<SocketException>());
    }

    [Test]
    public void A_folder_that_is_not_there_is_said() =>
        Assert.That(() => _live.Starts(new TcpService(_folder["no/s"], static c => c)), Throws.InstanceOf<ConnectionException>().With.Message.EqualTo(
            $"Cannot listen at {_folder.PathOf("no/s")}: its directory does not exist. Make it first."));

    [Test]
    public void A_path_where_nobody_listens_is_said()
    {
        _folder.LeaveStale("s");
        Assert.That(() => _live.Await(Tcp.Connect(_folder["s"], hub: _live.Hub)), Throws.InstanceOf<ConnectionException>().With.Message.EqualTo(
            $"Cannot connect to {_folder.PathOf("s")}: nobody listens there. Is its server running?"));
        Assert.That(() => _live.Await(Tcp.Connect(_folder["t"], hub: _live.Hub)), Throws.InstanceOf<ConnectionException>().With.Message.EqualTo(
            $"Cannot connect to {_folder.PathOf("t")}: there is no such socket. Is its server running, and the path right?"));
    }

    [Test]
    public void A_service_has_no_port_there()
    {
        var service = Serves();
        Assert.That((service.EndPoint, $"{service}"), Is.EqualTo((_folder["s"], $"TCP service at {_folder.PathOf("s")}")));
        Assert.That(() => service.Port, Throws.InvalidOperationException);
    }

    private TcpService Serves() => _live.Starts(new TcpService(_folder["s"], static c => c.UntilEol()));
}
