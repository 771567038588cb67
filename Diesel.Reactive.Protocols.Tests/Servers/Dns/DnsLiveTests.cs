using System.Collections.Concurrent;
using System.Net;
using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>Over real sockets: chance and encryption (line 13).</summary>
public class DnsLiveTests
{
    private Live _live = null!;

    [SetUp]
    public void SetUp() => _live = new Live();

    [TearDown]
    public void TearDown() => _live.Dispose();

    [Test]
    public void Nobody_can_guess_ports_and_ids()
    {
        var (ports, ids) = (new List<int>(), new List<int>());
        var service = Serve(query =>
        {
            ports.Add(((IPEndPoint)query.RemoteEndPoint).Port);
            ids.Add(query.Message.Id);
            return Observable.Return(query.Answer());
        });
        var count = Live.IsSoak ? 100_000 : 6400;
        using var client = new DnsClient($"127.0.0.1:{service.Port}", new DnsOptions { UsesCookies = false }, _live.Hub);
        for (var asked = 0; asked < count; asked += 64)
        {
            _live.Await(Observable.Merge(Enumerable.Range(0, 64).Select(n => client.Query($"n{n}.example", DnsType.A))).ToList());
        }

        var range = File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split('\t', StringSplitOptions.TrimEntries).Select(int.Parse).ToArray();
        Assert.That((ChiSquare(ids, 0, 65_536), ChiSquare(ports, range[0], range[1] + 1)), Is.LessThan((140.0, 140.0)).Using<(double, double)>(static (left, right) =>
            left.Item1 < right.Item1 && left.Item2 < right.Item2 ? -1 : 1), "of 63 degrees of freedom, once in a million times");
    }

    [Test]
    public void Encrypted_it_is_asked_and_answered_with_padding()
    {
        var seen = new ConcurrentQueue<(DnsTransport Transport, int Padding)>();
        var service = Serve(
            query =>
            {
                seen.Enqueue((query.Transport, query.Message.Edns!.Find(12)?.Length ?? -1));
                return Observable.Return(query.Answer(DnsRecord.Parse($"{query.Name} 1 A 192.0.2.1")));
            },
            new() { Tls = Authority.Server });
        using var client = new DnsClient($"tls://localhost@127.0.0.1:{service.Port}", new DnsOptions { Tls = new TlsClientOptions { TrustedRoots = Authority.Shared.Roots } }, _live.Hub);
        var reply = _live.Await(client.Query("a.example", DnsType.A));
        Assert.That((reply.Transport, DnsCodec.Encode(reply.Message).Length % 468, reply.Answers.Count), Is.EqualTo((DnsTransport.Tls, 0, 1)));
        Assert.That(seen.Single().Padding, Is.GreaterThanOrEqualTo(0));
        Assert.That(_live.Await(client.Query("b.example", DnsType.A)).Answers, Has.Count.EqualTo(1));
    }

    [Test]
    public void Another_names_certificate_is_refused()
    {
        var service = Serve(static query => Observable.Return(query.Answer()), new() { Tls = Authority.Server });
        using var client = new DnsClient($"tls://dns.example@127.0.0.1:{service.Port}", new DnsOptions { Tries = 1, Tls = new TlsClientOptions { TrustedRoots = Authority.Shared.Roots } }, _live.Hub);
        Assert.That(() => _live.Await(client.Query("a.example", DnsType.A)), Throws.InstanceOf<DnsException>().With.Message.Contains("dns.example"));
    }

    [Test]
    public void A_query_is_padded_to_128_and_an_unpadded_reply_taken()
    {
        var lengths = new ConcurrentQueue<int>();
        var service = _live.Starts(new TcpService(
            new IPEndPoint(IPAddress.Loopback, 0),
            connection => connection.Decode(DnsFraming.Frames).Select(frame =>
            {
                lengths.Enqueue(frame.Length);
                var query = DnsCodec.Decode(frame.Span);
                var reply = DnsCodec.Encode(query with { IsResponse = true, Edns = new DnsEdns(), Answers = [DnsRecord.Parse($"{query.Questions[0].Name} 1 A 192.0.2.1")] });
                return (ReadOnlyMemory<byte>)(byte[])[(byte)(reply.Length >> 8), (byte)reply.Length, .. reply];
            }),
            new TcpServiceOptions { Tls = Authority.Server, IdleTimeout = TimeSpan.FromMilliseconds(300) }));
        using var client = new DnsClient($"tls://localhost@127.0.0.1:{service.Port}", new DnsOptions { Tls = new TlsClientOptions { TrustedRoots = Authority.Shared.Roots } }, _live.Hub);
        foreach (var name in (string[])["a.example", "a.much.longer.name.than.that.example", new string('x', 63) + ".example"])
        {
            Assert.That(_live.Await(client.Query(name, DnsType.A)).Answers, Has.Count.EqualTo(1));
        }

        Assert.That(lengths.Select(length => length % 128), Has.All.Zero);
        _live.Await(_live.Hub.Sleep(TimeSpan.FromMilliseconds(700)));
        Assert.That(_live.Await(client.Query("after.example", DnsType.A)).Answers, Has.Count.EqualTo(1), "the server had closed the idle connection");
    }

    private DnsService Serve(Func<DnsQuery, IObservable<DnsReply>> handler, DnsServiceOptions? options = null) =>
        _live.Starts(new DnsService(new IPEndPoint(IPAddress.Loopback, 0), handler, options));

    private static double ChiSquare(List<int> values, int from, int to)
    {
        const int Buckets = 64;
        var counts = new int[Buckets];
        values.ForEach(value => counts[(long)(value - from) * Buckets / (to - from)]++);
        var expected = (double)values.Count / Buckets;
        return counts.Sum(count => (count - expected) * (count - expected) / expected);
    }
}
