using System.Reactive.Concurrency;
using Diesel.Reactive.Protocols.Dns;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>One server, and what it may do (issue 15, lines 4 to 7).</summary>
public class DnsClientTests
{
    private World _world = null!;
    private DnsStub _server = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new World();
        _server = new DnsStub(_world);
    }

    [TearDown]
    public void TearDown()
    {
        _server.Dispose();
        _world.Dispose();
    }

    [Test]
    public void Asks_and_is_answered()
    {
        using var client = _server.Client();
        var reply = _world.Watch(client.Query("a.example", DnsType.A));
        Assert.That((Told(reply), reply.Last.Transport, client.Running), Is.EqualTo(("a.example. 300 IN A 192.0.2.1", DnsTransport.Udp, 0)));
    }

    [Test]
    public void Asks_from_another_port_and_with_another_id_each_time()
    {
        using var client = _server.Client();
        for (var n = 0; n < 100; n++)
        {
            _world.Watch(client.Query("a.example", DnsType.A));
        }

        Assert.That(_server.Heard.Select(heard => heard.From.Port).Distinct().Count(), Is.EqualTo(100));
        Assert.That(_server.Heard.Select(heard => heard.Message.Id).Distinct().Count(), Is.GreaterThan(95));
    }

    [Test]
    public void A_caller_that_leaves_leaves_nothing_behind()
    {
        _server.Script = static _ => { };
        using var client = _server.Client();
        var reply = _world.Watch(client.Query("a.example", DnsType.A));
        reply.Subscription!.Dispose();
        _world.Passes(60);
        Assert.That((client.Running, _server.Heard.Count), Is.EqualTo((0, 1)));
    }

    [Test]
    public void A_reply_to_a_question_that_was_asked_twice_reaches_each_asker_once()
    {
        using var client = _server.Client();
        _server.Script = heard => { heard.Say(heard.Reply("A 192.0.2.1")); heard.Say(heard.Reply("A 192.0.2.2")); };
        var (one, other) = (_world.Watch(client.Query("a.example", DnsType.A)), _world.Watch(client.Query("a.example", DnsType.A)));
        Assert.That((Told(one), Told(other), one.Values.Count + other.Values.Count), Is.EqualTo(("a.example. 300 IN A 192.0.2.1", "a.example. 300 IN A 192.0.2.1", 2)));
    }

    [TestCase("id")]
    [TestCase("question")]
    [TestCase("type")]
    [TestCase("query")]
    [TestCase("nothing asked")]
    public void A_forged_reply_is_not_taken(string wrong)
    {
        using var client = _server.Client();
        _server.Script = heard =>
        {
            var forged = heard.Reply("A 203.0.113.66");
            heard.Say(wrong switch
            {
                "id" => forged with { Id = (ushort)(forged.Id ^ 1) },
                "question" => forged with { Questions = [new("b.example", DnsType.A)] },
                "type" => forged with { Questions = [new("a.example", DnsType.AAAA)] },
                "query" => forged with { IsResponse = false },
                _ => forged with { Questions = [] },
            });
            heard.Say(heard.Reply("A 192.0.2.1"));
        };
        Assert.That((Told(_world.Watch(client.Query("a.example", DnsType.A))), client.Ignored), Is.EqualTo(("a.example. 300 IN A 192.0.2.1", 1)));
    }

    [Test]
    public void Of_many_forged_replies_none_is_taken_and_TCP_is_asked()
    {
        using var client = _server.Client();
        var random = new Random(1);
        _server.Script = heard =>
        {
            for (var n = 0; heard.Transport == DnsTransport.Udp && n < 1000; n++)
            {
                var guess = (ushort)random.Next(65536);
                heard.Say(heard.Reply("A 203.0.113.66") with { Id = guess == heard.Message.Id ? (ushort)(guess ^ 1) : guess });
            }

            heard.Say(heard.Reply("A 192.0.2.1"));
        };
        for (var n = 0; n < (Live.IsSoak ? 100 : 5); n++)
        {
            var reply = _world.Watch(client.Query("a.example", DnsType.A));
            Assert.That((Told(reply), reply.Last.Transport), Is.EqualTo(("a.example. 300 IN A 192.0.2.1", DnsTransport.Tcp)));
        }
    }

    [Test]
    public void Who_sends_from_another_address_or_port_is_not_heard()
    {
        using var stranger = new DnsStub(_world, "10.0.0.66");
        using var client = _server.Client();
        _server.Script = heard =>
        {
            stranger.Datagram(DnsCodec.Encode(heard.Reply("A 203.0.113.66")), heard.From);
            _world.Hub.Schedule(TimeSpan.FromMilliseconds(100), () => heard.Say(heard.Reply("A 192.0.2.1")));
        };
        var reply = _world.Watch(client.Query("a.example", DnsType.A));
        _world.Passes(1);
        Assert.That(Told(reply), Is.EqualTo("a.example. 300 IN A 192.0.2.1"));
    }

    [Test]
    public void What_was_truncated_is_asked_for_by_TCP()
    {
        using var client = _server.Client();
        _server.Script = heard => heard.Say(heard.Transport == DnsTransport.Udp ? heard.Whole() with { IsTruncated = true } : heard.Reply("A 192.0.2.1", "A 192.0.2.2"));
        var reply = _world.Watch(client.Query("a.example", DnsType.A));
        Assert.That((reply.Last.Answers.Count, reply.Last.Transport), Is.EqualTo((2, DnsTransport.Tcp)));
    }

    [Test]
    public void What_was_cut_off_without_a_word_is_asked_for_by_TCP()
    {
        using var client = _server.Client();
        _server.Script = heard =>
        {
            var whole = DnsCodec.Encode(heard.Reply("A 192.0.2.1", "A 192.0.2.2"));
            heard.Say(heard.Transport == DnsTransport.Udp ? whole[..^20] : whole);
        };
        var reply = _world.Watch(client.Query("a.example", DnsType.A));
        Assert.That((reply.Last.Answers.Count, reply.Last.Transport), Is.EqualTo((2, DnsTransport.Tcp)));
    }

    [Test]
    public void Truncated_on_TCP_is_an_error()
    {
        using var client = _server.Client();
        _server.Script = heard => heard.Say(heard.Whole() with { IsTruncated = true });
        var reply = _world.Watch(client.Query("a.example", DnsType.A));
        _world.Passes(30);
        Assert.That(((DnsException)reply.Error!).Attempts[^1].Reason, Does.Contain("truncated"));
    }

    [Test]
    public void A_reply_of_65_535_bytes_comes_by_TCP()
    {
        using var client = _server.Client();
        _server.Script = heard =>
        {
            var reply = heard.Whole() with { Edns = null };
            var length = 65_535 - DnsCodec.Encode(reply).Length - 12;
            heard.Say(heard.Transport == DnsTransport.Udp ? heard.Whole() with { IsTruncated = true }
                : reply with { Answers = [new UnknownRecord("a.example", (DnsType)65280, TimeSpan.Zero, new byte[length])] });
        };
        var reply = _world.Watch(client.Query("a.example", DnsType.A));
        _world.Passes(5);
        Assert.That(DnsCodec.Encode(reply.Last.Message), Has.Length.EqualTo(65_535));
    }

    [Test]
    public void A_server_that_closes_after_each_reply_harms_nobody()
    {
        using var client = _server.Client(scheme: "tcp");
        _server.Script = heard =>
        {
            heard.Say(heard.Reply("A 192.0.2.1"));
            heard.Connection!.Dispose();
        };
        for (var n = 0; n < 10; n++)
        {
            var reply = _world.Watch(client.Query("a.example", DnsType.A));
            _world.Passes(0.1);
            Assert.That(Told(reply), Is.EqualTo("a.example. 300 IN A 192.0.2.1"));
        }
    }

    [Test]
    public void Replies_in_any_order_find_their_queries()
    {
        using var client = _server.Client(scheme: "tcp");
        var held = new List<DnsHeard>();
        _server.Script = held.Add;
        var replies = Enumerable.Range(0, 100).Select(n => _world.Watch(client.Query($"n{n}.example", DnsType.TXT))).ToArray();
        var random = new Random(3);
        foreach (var heard in held.OrderBy(_ => random.Next()).ToArray())
        {
            heard.Say(heard.Reply($"TXT \"{heard.Question.Name}\""));
        }

        _world.Passes(0.1);
        Assert.That((_server.Connections, held.Count), Is.EqualTo((1, 100)));
        Assert.That(replies.Select((reply, n) => ((TxtRecord)reply.Last.Answers[0]).Text == $"n{n}.example."), Has.All.True);
    }

    [Test]
    public void What_was_open_when_the_server_closed_is_asked_again_once()
    {
        using var client = _server.Client(new DnsOptions { Tries = 1 }, scheme: "tcp");
        _server.Script = heard =>
        {
            if (_server.Connections == 1)
            {
                _ = _server.Heard.Count == 50 ? Close(heard) : 0;
            }
            else
            {
                heard.Say(heard.Reply("A 192.0.2.1"));
            }
        };
        var replies = Enumerable.Range(0, 50).Select(n => _world.Watch(client.Query($"n{n}.example", DnsType.A))).ToArray();
        _world.Passes(3);
        Assert.That((replies.Count(reply => reply.IsCompleted), _server.Heard.Count, _server.Connections), Is.EqualTo((50, 100, 2)));

        static int Close(DnsHeard heard)
        {
            heard.Connection!.Dispose();
            return 1;
        }
    }

    [Test]
    public void A_connection_that_nobody_needs_is_closed_and_the_next_query_has_a_new_one()
    {
        using var client = _server.Client(scheme: "tcp");
        _world.Watch(client.Query("a.example", DnsType.A));
        _world.Watch(client.Query("b.example", DnsType.A));
        _world.Passes(11);
        var reply = _world.Watch(client.Query("c.example", DnsType.A));
        _world.Passes(0.1);
        Assert.That((Told(reply), _server.Connections), Is.EqualTo(("c.example. 300 IN A 192.0.2.1", 2)));
    }

    [Test]
    public void A_server_says_for_how_long_it_keeps_a_connection()
    {
        using var client = _server.Client(scheme: "tcp");
        var closed = 0;
        _server.Script = heard =>
        {
            heard.Connection!.PeerEnded.Register(() => closed++);
            heard.Say(heard.Reply("A 192.0.2.1") with { Edns = new() { Options = [new(11, (byte[])[0, 20])] } });
        };
        _world.Watch(client.Query("a.example", DnsType.A));
        _world.Watch(client.Query("a.example", DnsType.A));
        _world.Passes(1.5);
        var before = closed;
        _world.Passes(1.5);
        Assert.That((before, closed > 0), Is.EqualTo((0, true)));
    }

    [Test]
    public void Silence_is_an_error_in_time_that_names_the_server()
    {
        _server.Script = static _ => { };
        using var client = _server.Client();
        var reply = _world.Watch(client.Query("a.example", DnsType.A));
        _world.Passes(9.9);
        Assert.That((_server.Heard.Count, reply.Error!.Message), Is.EqualTo((3, reply.Error.Message)));
        Assert.That(reply.Error.Message, Does.Contain("10.0.0.53:53 (UDP): no reply within"));
    }

    [Test]
    public void Nobody_there_is_told_at_once()
    {
        _server.Dispose();
        using var client = _server.Client();
        var reply = _world.Watch(client.Query("a.example", DnsType.A));
        _world.Passes(0.5);
        Assert.That(((DnsException)reply.Error!).Attempts.Single().Reason, Does.Contain("refused").IgnoreCase);
        _server = new DnsStub(_world, "10.0.0.54");
    }

    [Test]
    public void Disposed_it_answers_nobody()
    {
        _server.Script = static _ => { };
        var client = _server.Client();
        var reply = _world.Watch(client.Query("a.example", DnsType.A));
        client.Dispose();
        _world.Settle();
        Assert.That($"{reply}", Is.EqualTo("#ObjectDisposedException"));
        Assert.That($"{_world.Watch(client.Query("a.example", DnsType.A))}", Is.EqualTo("#ObjectDisposedException"));
    }

    [TestCase(0.3, 0.0, 0.0)]
    [TestCase(0.3, 0.3, 0.3)]
    public void Over_a_bad_network_there_is_an_answer_or_an_error_in_time(double loss, double duplication, double reordering)
    {
        using var other = new DnsStub(_world, "10.0.0.54");
        _world.Network.Conditions = new LinkConditions
        {
            Latency = Latency.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(40)),
            Loss = loss,
            Duplication = duplication,
            Reordering = reordering,
        };
        using var client = _server.Client(others: other);
        var replies = Enumerable.Range(0, Live.IsSoak ? 1000 : 100).Select(n => _world.Watch(client.Query($"n{n}.example", DnsType.A))).ToArray();
        _world.Passes(10);
        Assert.That(replies.Count(reply => !reply.IsOver), Is.Zero);
        Assert.That(replies.Count(reply => reply.IsCompleted), Is.GreaterThan(replies.Length * 9 / 10));
        Assert.That(_server.Heard.Concat(other.Heard).GroupBy(heard => (heard.Question.Name, heard.From)).Count(), Is.LessThanOrEqualTo(replies.Length * 6));
        Assert.That(_server.Heard.Concat(other.Heard).Select(heard => (heard.Question.Name, heard.From)).Distinct().GroupBy(sent => sent.Name).Max(sent => sent.Count()), Is.LessThanOrEqualTo(6));
        Assert.That(client.Running, Is.Zero);
    }

    private static string Told(Story<DnsReply> reply) => reply.Error is { } error ? error.Message : string.Join(';', reply.Last.Answers).Replace('\t', ' ');
}
