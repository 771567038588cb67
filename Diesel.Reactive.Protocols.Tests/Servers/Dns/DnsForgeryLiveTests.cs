using System.Net;
using System.Net.Sockets;
using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>Replies that others send, to sockets that go from port to port.</summary>
public class DnsForgeryLiveTests
{
    private const int Each = 100;
    private const string Forged = "203.0.113.66";

    private static readonly int Queries = Live.IsSoak ? 1000 : 30;

    private Live _live = null!;
    private Socket _server = null!;
    private Socket _stranger = null!;
    private int _sent;

    [SetUp]
    public void SetUp()
    {
        (_live, _sent) = (new Live(), 0);
        var tcp = _live.Starts(new TcpService(new IPEndPoint(IPAddress.Loopback, 0), connection => connection.Decode(DnsFraming.Frames).Select(static frame => Framed(Reply(DnsCodec.Decode(frame.Span), "192.0.2.1")))));
        (_server, _stranger) = (Bound(tcp.Port), Bound(0));
        new Thread(Serve) { IsBackground = true }.Start();
    }

    [TearDown]
    public void TearDown()
    {
        _live.Dispose();
        _server.Dispose();
        _stranger.Dispose();
    }

    // Of three queries two are answered by UDP behind replies that nobody hears; the third one's forger knows the port, and TCP is asked.
    [Test]
    public void Of_many_none_is_taken_and_TCP_is_asked()
    {
        using var client = new DnsClient($"127.0.0.1:{((IPEndPoint)_server.LocalEndPoint!).Port}", new DnsOptions { Timeout = TimeSpan.FromSeconds(60), AttemptTimeout = TimeSpan.FromSeconds(10) }, _live.Hub);
        var replies = Enumerable.Range(0, Queries).Select(n => _live.Await(client.Query($"n{n}.example", DnsType.A))).ToArray();
        SpinWait.SpinUntil(() => Volatile.Read(ref _sent) == Queries * Each, Live.Patience);
        Assert.That(replies.SelectMany(static reply => reply.Answers.OfType<ARecord>()).Select(static record => $"{record.Address}").Distinct(), Is.EqualTo(new[] { "192.0.2.1" }));
        Assert.That(replies.Select(static reply => reply.Transport), Is.EqualTo(Enumerable.Range(0, Queries).Select(static n => n % 3 == 2 ? DnsTransport.Tcp : DnsTransport.Udp)));
        Assert.That((_sent, client.Ignored), Is.EqualTo((Queries * Each, (long)(Queries / 3 * 21))));
    }

    // A query that comes again, as the machine had other things to do, is not forged again.
    private void Serve()
    {
        var (random, room, next) = (new Random(5), new byte[1500], 0);
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        try
        {
            while (true)
            {
                var query = DnsCodec.Decode(room.AsSpan(0, _server.ReceiveFrom(room, ref from)));
                var n = int.Parse($"{query.Questions[0].Name}".Split('.')[0][1..], System.Globalization.CultureInfo.InvariantCulture);
                for (var each = 0; n == next && each < Each; each++)
                {
                    Forge(query, (IPEndPoint)from, n % 3 == 2 ? each % 4 : 4 + (each % 2), random);
                    Volatile.Write(ref _sent, _sent + 1);
                }

                next = n + 1;
                if (n % 3 < 2)
                {
                    _server.SendTo(DnsCodec.Encode(Reply(query, "192.0.2.1")), from);
                }
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private void Forge(DnsMessage query, IPEndPoint to, int how, Random random)
    {
        var reply = Reply(query, Forged);
        var id = (ushort)random.Next(65_536);
        switch (how)
        {
            case 0:
                _server.SendTo(DnsCodec.Encode(reply with { Id = id == query.Id ? (ushort)(id ^ 1) : id }), to);
                break;
            case 1:
                _server.SendTo(DnsCodec.Encode(reply with { Questions = [new("other.example", DnsType.A)] }), to);
                break;
            case 2:
                _server.SendTo(DnsCodec.Encode(reply with { Questions = [new(query.Questions[0].Name, DnsType.AAAA)] }), to);
                break;
            case 3:
                _server.SendTo(DnsCodec.Encode(reply with { Edns = new() { Options = [new(10, new byte[16])] } }), to);
                break;
            case 4:
                _stranger.SendTo(DnsCodec.Encode(reply), to);
                break;
            default:
                var near = to.Port ^ random.Next(1, 512);
                _server.SendTo(DnsCodec.Encode(reply), new IPEndPoint(to.Address, near == ((IPEndPoint)_server.LocalEndPoint!).Port ? near ^ 512 : near));
                break;
        }
    }

    // With the cookie that came, and the server's own behind it.
    private static DnsMessage Reply(DnsMessage query, string address) => query with
    {
        IsResponse = true,
        Answers = [DnsRecord.Parse($"{query.Questions[0].Name} 300 A {address}")],
        Edns = new() { Options = [new(10, (byte[])[.. query.Edns!.Find(10)!.Value.Span[..8], 1, 2, 3, 4, 5, 6, 7, 8])] },
    };

    private static ReadOnlyMemory<byte> Framed(DnsMessage message) => DnsCodec.Encode(message) is var bytes ? (byte[])[(byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes] : default;

    private static Socket Bound(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }
}
