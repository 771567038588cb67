using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>What goes wrong says what, where, and what to do.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class SocketErrorTests(Func<Hub> newHub)
{
    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(newHub());

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public void A_port_in_use()
    {
        using var taken = new RawPeer();
        var error = Thrown<ConnectionException>(() => _live.Starts(new TcpService(new IPEndPoint(IPAddress.Loopback, taken.Port), static c => c)));
        Assert.That(error.Message, Is.EqualTo(
            $"Cannot listen at 127.0.0.1:{taken.Port}: the port is in use. Stop the program that has it, or choose another port (0 lets the system choose)."));
        Assert.That((error.EndPoint, Code(error)), Is.EqualTo((new IPEndPoint(IPAddress.Loopback, taken.Port), SocketError.AddressAlreadyInUse)));
    }

    [Test]
    public void An_address_of_another_machine() => Assert.That(
        Thrown<ConnectionException>(() => _live.Starts(new TcpService(new IPEndPoint(IPAddress.Parse("203.0.113.1"), 0), static c => c))).Message,
        Is.EqualTo("Cannot listen at 203.0.113.1:0: this machine does not have that address."));

    [Test]
    public void A_connection_refused()
    {
        var port = UnusedPort();
        var error = Thrown<ConnectionException>(() => _live.Await(Tcp.Connect("127.0.0.1", port, hub: _live.Hub)));
        Assert.That(error.Message, Is.EqualTo($"Cannot connect to 127.0.0.1:{port}: connection refused. Is something listening there?"));
        Assert.That((error.EndPoint, Code(error)), Is.EqualTo((new IPEndPoint(IPAddress.Loopback, port), SocketError.ConnectionRefused)));
    }

    [Platform("Linux")]
    [TestCase("fe80::1", null, TestName = "An_address_without_its_scope_reads_the_same_on_both_loops")]
    [TestCase("127.0.0.1", "::1", TestName = "A_local_address_of_another_kind_reads_the_same_on_both_loops")]
    [TestCase("255.255.255.255", null, TestName = "A_broadcast_address_reads_the_same_on_both_loops")]
    public void An_exotic_error_reads_the_same_on_both_loops(string remote, string? local)
    {
        using var portable = new Live(new HubOptions { Portable = true });
        string Message(Hub hub) => Thrown<ConnectionException>(() => _live.Await(new Dial(
            new IPEndPoint(IPAddress.Parse(remote), 9),
            new() { Socket = new() { LocalEndPoint = local is null ? null : new IPEndPoint(IPAddress.Parse(local), 0) } },
            hub))).Message;
        Assert.That(Message(_live.Hub), Is.EqualTo(Message(portable.Hub)).And.Not.Contain("Unknown"));
    }

    [Test]
    public void A_host_that_is_not_known() => Assert.That(
        Thrown<ConnectionException>(() => _live.Await(Tcp.Connect("nosuchhost.invalid", 7, hub: _live.Hub))).Message,
        Does.Match(@"^Cannot find the host 'nosuchhost\.invalid': .+[^.]\. Check the name, or give an address\.$"));

    [Test]
    public void A_second_reader()
    {
        var (connection, _) = _live.Wire();
        _live.Do(() => { connection.UntilEol().Subscribe(); });
        Assert.That(Thrown<InvalidOperationException>(() => _live.Await(connection.UntilEol())).Message, Is.EqualTo(
            $"connection {connection.LocalEndPoint} to {connection.RemoteEndPoint} already has a reader. Input has one reader at a time: " +
            "end the first, or share it between observers with Share()."));
    }

    [Test]
    public void A_send_after_the_close()
    {
        var (connection, _) = _live.Wire();
        connection.Dispose();
        Assert.That(Thrown<ObjectDisposedException>(() => _live.Await(connection.Send("A".ToBytes()))).Message, Does.StartWith(
            $"Cannot send on connection {connection.LocalEndPoint} to {connection.RemoteEndPoint}: it was disposed."));
    }

    [Test]
    public void A_connection_whose_hub_is_gone()
    {
        var (connection, _) = _live.Wire();
        _live.Hub.Dispose();
        Assert.That(async () => await connection.Send("A".ToBytes()), Throws.InstanceOf<ObjectDisposedException>());
    }

    private static T Thrown<T>(Action action)
        where T : Exception =>
        Assert.Throws(Is.InstanceOf<T>(), () => action()) as T ?? throw new InvalidOperationException();

    private static SocketError Code(Exception error) => ((SocketException)error.InnerException!).SocketErrorCode;

    private static int UnusedPort()
    {
        using var peer = new RawPeer();
        return peer.Port;
    }
}
