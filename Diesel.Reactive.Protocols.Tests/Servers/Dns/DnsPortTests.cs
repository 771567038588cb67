using System.Net;
using System.Net.Sockets;
using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>Sockets that go from port to port: each query has one that nobody had before it, and hears nothing of others.</summary>
public class DnsPortTests
{
    // As often as it takes on a machine that has much else to do.
    private static readonly DnsOptions Patient = new() { Timeout = TimeSpan.FromSeconds(60), AttemptTimeout = TimeSpan.FromSeconds(5), Tries = 10 };

    private Live _live = null!;
    private Socket _server = null!;

    [SetUp]
    public void SetUp()
    {
        _live = new Live();
        _server = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        _server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    [TearDown]
    public void TearDown()
    {
        _live.Dispose();
        _server.Dispose();
    }

    [Test]
    public void One_after_the_other_has_another_port_and_one_socket()
    {
        using var client = Client();
        var ports = new List<int>();
        for (var n = 0; n < 1000; n++)
        {
            var answer = Task.Run(() => _live.Await(client.Query($"n{n}.example", DnsType.A)));
            ports.Add(Hear($"n{n}.example").Port);
            _live.Await(answer);
        }

        // Of some 28 000 that there are, at random: 17 pairs are alike, and 50 hardly ever.
        Assert.That(ports.Distinct().Count(), Is.GreaterThan(950));
        Assert.That(_live.Do(() => client.Servers()[0].Ports.Spare), Is.LessThanOrEqualTo(2));
    }

    [Test]
    public void What_comes_late_reaches_nobody()
    {
        using var client = Client();
        for (var n = 0; n < 200; n++)
        {
            var answer = Task.Run(() => _live.Await(client.Query($"n{n}.example", DnsType.A)));

            // Three times: the second finds the socket still, or not any more, or another query's.
            Hear($"n{n}.example", times: 3);
            Assert.That(_live.Await(answer).Message.Questions[0].Name, Is.EqualTo(DnsName.Parse($"n{n}.example")));
        }

        Assert.That(client.Ignored, Is.Zero);
    }

    // The next queries are asked while those of the same turn are still to be read.
    [Test]
    public void What_comes_late_reaches_nobody_where_many_ask()
    {
        using var client = Client();
        var all = Task.Run(() => _live.Run(() => Task.WhenAll(Enumerable.Range(0, 64).Select(async caller =>
        {
            for (var n = 0; n < 30; n++)
            {
                await client.Query($"n{n}.c{caller}.example", DnsType.A);
            }
        }))));
        Answer(all, times: 3);
        Assert.That(client.Ignored, Is.Zero);
    }

    [Test]
    public void Nobody_there_is_told_at_once_also_to_a_socket_that_was_used()
    {
        using var client = Client();
        var answer = Task.Run(() => _live.Await(client.Query("a.example", DnsType.A)));
        Hear("a.example");
        _live.Await(answer);
        _server.Dispose();
        Assert.That(() => _live.Await(client.Query("b.example", DnsType.A)), Throws.InstanceOf<DnsException>().With.Message.Contains("nobody listens").And.Message.Not.Contains(".."));
    }

    [Test]
    public void Sockets_that_nobody_uses_are_closed()
    {
        using var client = Client(Patient with { AttemptTimeout = TimeSpan.FromMilliseconds(300) });
        var answers = Enumerable.Range(0, 20).Select(n => Task.Run(() => _live.Await(client.Query($"n{n}.example", DnsType.A)))).ToArray();
        var all = Task.WhenAll(answers);
        Answer(all, times: 1);
        while (_live.Do(() => client.Servers()[0].Ports.Spare) > 0)
        {
            _live.Await(_live.Hub.Sleep(TimeSpan.FromMilliseconds(20)));
        }
    }

    [Test]
    public void A_cookie_is_for_one_of_our_addresses()
    {
        using var client = Client();
        var answer = Task.Run(() => _live.Await(client.Query("a.example", DnsType.A)));
        Hear("a.example", cookie: [1, 2, 3, 4, 5, 6, 7, 8]);
        _live.Await(answer);
        Assert.That(_live.Do(() => client.Servers()[0].CookieAddress), Is.EqualTo(IPAddress.Loopback));
    }

    private DnsClient Client(DnsOptions? options = null) => new($"127.0.0.1:{((IPEndPoint)_server.LocalEndPoint!).Port}", options ?? Patient, _live.Hub);

    // Answers every query until all are answered, however long the machine takes to ask the next.
    private void Answer(Task all, int times)
    {
        while (!all.IsCompleted)
        {
            if (_server.Poll(10_000, SelectMode.SelectRead))
            {
                Hear(null, times);
            }
        }

        _live.Await(all);
    }

    // Answers the next query, or the next of a name.
    private IPEndPoint Hear(string? name, int times = 1, byte[]? cookie = null)
    {
        var room = new byte[1500];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        DnsMessage query;
        do
        {
            query = DnsCodec.Decode(room.AsSpan(0, _server.ReceiveFrom(room, ref from)));
        }
        while (name is not null && query.Questions[0].Name != name);

        var reply = DnsCodec.Encode(query with
        {
            IsResponse = true,
            Answers = [DnsRecord.Parse($"{query.Questions[0].Name} 300 A 192.0.2.1")],
            Edns = new() { Options = cookie is null ? [] : [new(10, (byte[])[.. query.Edns!.Find(10)!.Value.Span, .. cookie])] },
        });
        for (var n = 0; n < times; n++)
        {
            _server.SendTo(reply, from);
        }

        return (IPEndPoint)from;
    }
}
