using System.Net;
using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>A server of names in virtual time, asked by our own client and by hand.</summary>
public class DnsServiceTests
{
    private World _world = null!;

    [SetUp]
    public void SetUp() => _world = new World();

    [TearDown]
    public void TearDown() => _world.Dispose();

    [Test]
    public void A_handler_answers()
    {
        using var client = Serve(query => Observable.Return(query.Answer(DnsRecord.Parse($"{query.Name} 60 A 192.0.2.1"))));
        var reply = Ask(client, "a.example", DnsType.A);
        Assert.That((reply.Message.IsAuthoritative, $"{reply.Answers[0]}"), Is.EqualTo((true, "a.example.\t60\tIN\tA\t192.0.2.1")));
    }

    [Test]
    public void What_has_no_room_in_a_datagram_comes_by_TCP()
    {
        using var client = Serve(query => Observable.Return(query.Answer(Enumerable.Range(0, 200).Select(n => DnsRecord.Parse($"{query.Name} 60 A 192.0.2.{n}")))));
        var reply = Ask(client, "a.example", DnsType.A);
        Assert.That((reply.Transport, reply.Answers.Count), Is.EqualTo((DnsTransport.Tcp, 200)));
    }

    [TestCase(0, 512)]
    [TestCase(100, 512)]
    [TestCase(512, 512)]
    [TestCase(900, 900)]
    [TestCase(65535, 1232)]
    public void A_datagram_is_never_longer_than_its_asker_takes(int size, int most)
    {
        var service = Start(new DnsService(0, DnsZone.Parse(DnsSample.Zone, "example.test")));
        foreach (var (name, type) in DnsSample.Kinds.Append(("example.test", "ANY")))
        {
            Assert.That(DnsTypeText.TryParse(type, out var asked));
            var query = DnsMessage.Query(DnsSample.Absolute(name), asked) with { Edns = size == 0 ? null : new DnsEdns { UdpSize = (ushort)size } };
            var reply = Exchange(service, DnsCodec.Encode(query))!;
            Assert.That(reply.Length, Is.LessThanOrEqualTo(most));
            Assert.That(DnsCodec.Decode(reply).Questions, Is.EqualTo(query.Questions));
        }

        Assert.That(DnsCodec.Decode(Exchange(service, DnsCodec.Encode(DnsMessage.Query("long.example.test", DnsType.TXT)))!).IsTruncated);
    }

    // What is sent; how it is answered: nothing, or a code.
    [TestCase("00", null)]
    [TestCase("000180000001000000000000" + "016100" + "00010001", null)]
    [TestCase("0001000000010000000000000161", "FormatError")]
    [TestCase("000100000000000000000000", "FormatError")]
    [TestCase("000100000002000000000000" + "016100" + "00010001" + "016100" + "00010001", "FormatError")]
    [TestCase("000128000001000000000000" + "016100" + "00060001", "NotImplemented")]
    [TestCase("000100000001000000000001" + "016100" + "00010001" + "0000291000" + "00010000" + "0000", "BadVersion")]
    [TestCase("000100000001000000000001" + "016100" + "00010001" + "0000291000" + "00000000" + "000b" + "000a0007" + "01020304050607", "FormatError")]
    [TestCase("000100000001000000000002" + "016100" + "00010001" + "0000291000" + "00000000" + "0000" + "0000291000" + "00000000" + "0000", "FormatError")]
    [TestCase("000100000001000000000000" + "016100" + "00010001", "Refused")]
    public void Messages_that_are_none_are_answered_as_the_rules_say(string hex, string? code)
    {
        var service = Start(new DnsService(0, DnsZone.Parse(DnsSample.Zone, "example.test")));
        var reply = Exchange(service, Convert.FromHexString(hex));
        Assert.That(reply is null ? null : $"{DnsCodec.Decode(reply).ResponseCode}", Is.EqualTo(code));
    }

    [Test]
    public void A_handler_that_fails_is_a_failure_and_shows()
    {
        using var client = Serve(static _ => throw new InvalidOperationException("mine"));
        var reply = _world.Watch(client.Query("a.example", DnsType.A));
        _world.Passes(1);
        Assert.That((((DnsException)reply.Error!).Code, _world.Errors[0].Exception.Message), Is.EqualTo((DnsResponseCode.ServerFailure, "mine")));
    }

    [Test]
    public void A_handler_that_takes_too_long_is_a_failure()
    {
        using var client = Serve(static _ => Observable.Never<DnsReply>(), new() { Timeout = TimeSpan.FromSeconds(1) });
        var reply = _world.Watch(client.Query("a.example", DnsType.A));
        _world.Passes(1.5);
        Assert.That(((DnsException)reply.Error!).Code, Is.EqualTo(DnsResponseCode.ServerFailure));
    }

    [Test]
    public void Who_is_told_no_is_told_why()
    {
        using var client = Serve(query => Observable.Return(query.Refuse(why: "not today")));
        var reply = _world.Watch(client.Query("a.example", DnsType.A));
        Assert.That(((DnsException)reply.Error!).ExtendedError, Is.EqualTo("other error (not today)"));
    }

    [Test]
    public void Half_a_message_is_waited_for_for_a_while()
    {
        var service = Start(new DnsService(0, DnsZone.Parse(DnsSample.Zone, "example.test"), new() { IdleTimeout = TimeSpan.FromSeconds(5) }));
        var peer = _world.Watch(Tcp.Connect(World.Here.ToString(), service.Port, hub: _world.Hub)).Last;
        var read = _world.Watch(peer);
        peer.OnNext((byte[])[0, 30, 1, 2, 3]);
        for (var n = 0; n < 10; n++)
        {
            _world.Passes(1);
            peer.OnNext((byte[])[0]);
        }

        _world.Passes(2);
        Assert.That(read.IsOver);
    }

    [TestCase("0000")]
    [TestCase("0005aabbccddee")]
    public void A_length_of_nothing_ends_the_connection(string hex)
    {
        var service = Start(new DnsService(0, DnsZone.Parse(DnsSample.Zone, "example.test")));
        var peer = _world.Watch(Tcp.Connect(World.Here.ToString(), service.Port, hub: _world.Hub)).Last;
        var read = _world.Watch(peer);
        peer.OnNext(Convert.FromHexString(hex));
        _world.Passes(1);
        Assert.That(read.IsOver);
    }

    [Test]
    public void Replies_are_ready_when_they_are_and_not_in_order()
    {
        var waiting = new Dictionary<DnsName, System.Reactive.Subjects.Subject<DnsReply>>();
        var service = Start(new DnsService(0, query => waiting[query.Name] = new()));
        using var client = new DnsClient($"tcp://{World.Here}:{service.Port}", null, _world.Hub);
        var (one, other) = (_world.Watch(client.Query("a.example", DnsType.A)), _world.Watch(client.Query("b.example", DnsType.A)));
        _world.Do(() => waiting["b.example"].OnNext(new DnsMessage { Answers = [DnsRecord.Parse("b.example. 1 A 192.0.2.2")] }));
        Assert.That((one.IsOver, other.IsCompleted), Is.EqualTo((false, true)));
    }

    [Test]
    public void Cookies_are_given_and_known_again()
    {
        var known = new List<bool>();
        using var client = Serve(query =>
        {
            known.Add(query.IsKnown);
            return Observable.Return(query.Answer());
        });
        Ask(client, "a.example", DnsType.A);
        Ask(client, "a.example", DnsType.A);
        Assert.That(known, Is.EqualTo(new[] { false, true }));
    }

    [Test]
    public void Who_has_no_cookie_yet_comes_again_with_one_where_that_is_wanted()
    {
        var asked = 0;
        using var client = Serve(query =>
        {
            asked++;
            return Observable.Return(query.Answer());
        }, new() { RequiresCookies = true });
        Assert.That((Ask(client, "a.example", DnsType.A).ResponseCode, asked), Is.EqualTo((DnsResponseCode.NoError, 1)));
    }

    [Test]
    public void Floods_are_limited_and_who_is_not_forged_comes_by_TCP()
    {
        var service = Start(new DnsService(0, DnsZone.Parse(DnsSample.Zone, "example.test"), new() { ResponsesPerSecond = 10 }));
        var query = DnsCodec.Encode(DnsMessage.Query("a.example.test", DnsType.A));
        var replies = Enumerable.Range(0, 50).Select(_ => Exchange(service, query, 0.001)).ToArray();
        Assert.That((replies.Count(reply => reply is not null && !DnsCodec.Decode(reply).IsTruncated), replies.Count(reply => reply is not null && DnsCodec.Decode(reply).IsTruncated)), Is.EqualTo((10, 20)));
        _world.Passes(1);
        Assert.That(DnsCodec.Decode(Exchange(service, query)!).IsTruncated, Is.False);
    }

    [TestCase("a.example.test", "A", "NoError aa 2 0")]
    [TestCase("nothing.example.test", "A", "NameError aa 0 1")]
    [TestCase("a.example.test", "TXT", "NoError aa 0 1")]
    [TestCase("between.example.test", "A", "NoError aa 0 1")]
    [TestCase("x.y.wild.example.test", "A", "NoError aa 1 0")]
    [TestCase("x.child.example.test", "A", "NoError  0 1")]
    [TestCase("child.example.test", "NS", "NoError  0 1")]
    [TestCase("alias.example.test", "A", "NoError aa 3 0")]
    [TestCase("x.old.example.test", "A", "NoError aa 3 0")]
    [TestCase("old.example.test", "DNAME", "NoError aa 1 0")]
    [TestCase("other.test", "A", "Refused  0 0")]
    public void A_zone_answers(string name, string type, string told)
    {
        var reply = DnsZone.Parse(DnsSample.Zone, "example.test").Answer(new(name, Enum.Parse<DnsType>(type)));
        Assert.That($"{reply.ResponseCode} {(reply.IsAuthoritative ? "aa" : "")} {reply.Answers.Count} {reply.Authorities.Count}", Is.EqualTo(told));
    }

    [TestCase("$INCLUDE /etc/passwd\n", "INCLUDE")]
    [TestCase("@ 1 A 192.0.2.1\n", "SOA")]
    [TestCase("@ 1 SOA a b 1 2 3 4 5\n@ 1 SOA a b 2 2 3 4 5\n", "SOA")]
    [TestCase("@ 1 SOA a b 1 2 3 4 5\nx.other. 1 A 192.0.2.1\n", "within")]
    [TestCase("@ 1 SOA a b 1 2 3 4 5\nx CNAME y\nx A 192.0.2.1\n", "CNAME")]
    [TestCase("@ 1 SOA a b 1 2 3 4 5\nx A 192.0.2\n", "Line 2")]
    public void A_zone_that_is_none_is_refused(string text, string why) =>
        Assert.That(() => DnsZone.Parse(text, "example"), Throws.InstanceOf<FormatException>().With.Message.Contains(why));

    [Test]
    public void A_proxy_is_a_clients_query()
    {
        using var upstream = new DnsStub(_world);
        using var resolver = upstream.Resolver();
        using var client = Serve(query => resolver.Query(query.Name, query.Type));
        Ask(client, "a.example", DnsType.A);
        Assert.That((Ask(client, "a.example", DnsType.A).Answers.Count, upstream.Heard.Count), Is.EqualTo((1, 1)));
        upstream.Script = static heard => heard.Say(heard.None());
        Assert.That(Ask(client, "b.example", DnsType.A).ResponseCode, Is.EqualTo(DnsResponseCode.NameError));
    }

    [Test]
    public void It_stops_and_does_not_start_again()
    {
        var service = Start(new DnsService(0, DnsZone.Parse(DnsSample.Zone, "example.test")));
        var stopped = _world.Watch(service.Stop());
        _world.Passes(1);
        Assert.That(stopped.IsCompleted);
        Assert.That(() => service.Start(_world.Hub), Throws.InvalidOperationException);
    }

    private DnsService Start(DnsService service) => _world.Starts(service);

    private DnsClient Serve(Func<DnsQuery, IObservable<DnsReply>> handler, DnsServiceOptions? options = null) =>
        new($"{World.Here}:{Start(new DnsService(0, handler, options)).Port}", new DnsOptions { Tries = 2 }, _world.Hub);

    private DnsReply Ask(DnsClient client, DnsName name, DnsType type)
    {
        var reply = _world.Watch(client.Query(name, type));
        _world.Passes(0.1);
        return reply.Error is { } error ? throw error : reply.Last;
    }

    private byte[]? Exchange(DnsService service, byte[] query, double seconds = 0.1)
    {
        byte[]? reply = null;
        var socket = _world.Hub.Network.Bind(new IPEndPoint(World.Here, 0), null, new());
        _world.Do(() =>
        {
            socket.Start(datagram => reply = datagram.Payload.ToArray(), static _ => { });
            socket.Send(new Datagram(query, new IPEndPoint(World.Here, service.Port)));
        });
        _world.Passes(seconds);
        socket.Close();
        return reply;
    }
}
