using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>What <see cref="SocketOptions"/> says of connections, as the system has it then.</summary>
[Platform("Linux")]
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class SocketTuningTests(Func<Hub> newHub)
{
    private const string KeepAliveRuns = "02";

    private static SocketOptions Asking { get; } = new()
    {
        KeepAlive = TimeSpan.FromSeconds(40), KeepAliveInterval = TimeSpan.FromSeconds(7), KeepAliveCount = 3, UserTimeout = TimeSpan.FromSeconds(20), FastOpen = true,
    };

    [Test]
    public void A_dial_and_what_a_listener_accepts_are_asked_whether_they_are_still_there()
    {
        using var live = new Live(newHub());
        var listening = Tcp.Listen(new IPEndPoint(IPAddress.Loopback, 0), new() { Socket = Asking }, live.Hub);
        var accepted = new TaskCompletionSource<Connection>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listens = listening.Subscribe(accepted.SetResult);
        using var dialled = live.Await(Tcp.Connect(listening.EndPoint, new() { Socket = Asking }, live.Hub));
        using var served = live.Await(accepted.Task);
        Assert.That((TimerOf(dialled), TimerOf(served)), Is.EqualTo((KeepAliveRuns, KeepAliveRuns)));
    }

    [Test]
    public void By_default_nobody_is_asked()
    {
        using var live = new Live(newHub());
        using var peer = new RawPeer();
        using var dialled = live.Await(Tcp.Connect("127.0.0.1", peer.Port, hub: live.Hub));
        Assert.That(TimerOf(dialled), Is.EqualTo("00"));
    }

    [TestCase(0)]
    [TestCase(1)]
    public void A_dial_comes_from_the_address_it_is_told(int port)
    {
        using var live = new Live(newHub());
        using var peer = new RawPeer();
        var from = new IPEndPoint(IPAddress.Parse("127.0.0.7"), port == 0 ? 0 : FreePort());
        using var dialled = live.Await(Tcp.Connect("127.0.0.1", peer.Port, new() { Socket = new() { LocalEndPoint = from } }, live.Hub));
        var seen = (IPEndPoint)peer.Accept().Socket.RemoteEndPoint!;
        Assert.That((seen.Address, dialled.LocalEndPoint, port == 0 || seen.Port == from.Port), Is.EqualTo((from.Address, (EndPoint)seen, true)));
    }

    [Test]
    public void An_address_that_is_not_this_machines_is_refused()
    {
        using var live = new Live(newHub());
        var options = new TcpConnectOptions { Socket = new() { LocalEndPoint = IPEndPoint.Parse("192.0.2.1:0") } };
        Assert.That(() => live.Await(Tcp.Connect("127.0.0.1", 9, options, live.Hub)), Throws.InstanceOf<ConnectionException>().With.Message.Contains("Check LocalEndPoint."));
    }

    [Test]
    public void A_dial_with_fast_open_connects_and_talks_the_first_time_and_the_next()
    {
        using var live = new Live(newHub());
        var listening = Tcp.Listen(new IPEndPoint(IPAddress.Loopback, 0), new() { Socket = Asking }, live.Hub);
        using var listens = listening.Subscribe(static connection => connection.Subscribe(connection));
        for (var i = 0; i < 3; i++)
        {
            var echoed = live.Run(async () =>
            {
                using var connection = await Tcp.Connect(listening.EndPoint, new() { Socket = Asking });
                connection.OnNext("hello\r\n".ToBytes());
                return (await connection.Read(Framing.UntilEol())).ToText();
            });
            Assert.That(echoed, Is.EqualTo("hello\r\n"));
        }
    }

    [Test]
    public void What_is_set_is_what_was_asked_for()
    {
        using var socket = SystemSockets.NewStream(AddressFamily.InterNetwork);
        SocketTuning.TuneDial(socket, Asking);
        int[] set =
        [
            Get(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime), Get(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval),
            Get(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount), UserTimeout(),
        ];
        Assert.That(set, Is.EqualTo(new[] { 40, 7, 3, 20_000 }));

        int Get(SocketOptionLevel level, SocketOptionName name) => (int)socket.GetSocketOption(level, name)!;

        int UserTimeout()
        {
            var value = new byte[sizeof(int)];
            socket.GetRawSocketOption(6, 18, value);
            return BitConverter.ToInt32(value);
        }
    }

    [Test]
    public void What_makes_no_sense_is_refused_where_it_is_said()
    {
        Assert.That(() => new SocketOptions { KeepAlive = TimeSpan.FromMilliseconds(999) }, Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith("KeepAlive is from 1 s to 32767 s."));
        Assert.That(() => new SocketOptions { KeepAliveInterval = TimeSpan.FromHours(10) }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new SocketOptions { KeepAliveCount = 128 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new SocketOptions { UserTimeout = TimeSpan.Zero }, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static int FreePort()
    {
        using var peer = new RawPeer();
        return peer.Port;
    }

    // In /proc/net/tcp the second field is address:port in hexadecimal, the sixth the timer that runs.
    private static string TimerOf(Connection connection)
    {
        var (local, remote) = ((IPEndPoint)connection.LocalEndPoint, (IPEndPoint)connection.RemoteEndPoint);
        return File.ReadLines("/proc/net/tcp").Skip(1).Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Single(one => PortOf(one[1]) == local.Port && PortOf(one[2]) == remote.Port)[5][..2];
    }

    private static int PortOf(string address) => int.Parse(address[^4..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
