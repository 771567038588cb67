using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests.Transports;

[Platform("Linux")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class HubGroupTests
{
    private readonly HubGroup _group = new(2);
    private TcpServiceGroup _service = null!;

    [SetUp]
    public void Serve()
    {
        _service = new TcpServiceGroup(new IPEndPoint(IPAddress.Loopback, 0), connection => connection.UntilEol(), _group);
        _service.Start();
    }

    [TearDown]
    public void End() => _group.Dispose();

    [Test]
    public void Spreads_connections_over_its_hubs_on_one_port()
    {
        using var clients = new Clients(_service.EndPoint, 100);
        Assert.That(clients.Select(Echo), Is.All.EqualTo("hello\r\n"));
        Assert.That((_service.ConnectionCounts.Sum(), _service.ConnectionCounts.Min() > 0), Is.EqualTo((100, true)));
    }

    [Test]
    public async Task Stopping_ends_the_connections_of_all_hubs()
    {
        using var clients = new Clients(_service.EndPoint, 20);
        Assert.That(clients.Select(Echo), Is.All.EqualTo("hello\r\n"));
        await _service.Stop();
        Assert.That(clients.Select(client => client.Receive(new byte[1])), Is.All.Zero);
    }

    [Test]
    public void A_port_somebody_else_has_is_refused_with_the_reason()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        var service = new TcpServiceGroup(other.LocalEndPoint!, c => c, _group);
        Assert.That(() => service.Start(), Throws.TypeOf<ConnectionException>().With.Message.Contains("the port is in use"));
    }

    [Test]
    public void Disposing_it_on_one_of_its_own_hubs_ends_all()
    {
        var thrown = default(Exception);
        _group.Hubs[0].Post(_ => thrown = Caught(_group.Dispose));
        Assert.That(SpinWait.SpinUntil(() => _group.Hubs.All(static hub => hub.IsDisposed), Live.Patience));
        Assert.That(thrown, Is.Null);
    }

    private static Exception? Caught(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    private static string Echo(Socket client)
    {
        client.Send("hello\r\n"u8);
        var buffer = new byte[7];
        for (var read = 0; read < buffer.Length;)
        {
            var count = client.Receive(buffer.AsSpan(read));
            Assert.That(count, Is.Positive);
            read += count;
        }

        return System.Text.Encoding.ASCII.GetString(buffer);
    }

    private sealed class Clients : List<Socket>, IDisposable
    {
        public Clients(EndPoint to, int count)
        {
            for (var i = 0; i < count; i++)
            {
                var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 };
                client.Connect(to);
                Add(client);
            }
        }

        public void Dispose() => ForEach(client => client.Dispose());
    }
}
