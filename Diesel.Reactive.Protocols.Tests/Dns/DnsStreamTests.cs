using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>What has no room in a datagram, and connections.</summary>
public class DnsStreamTests : DnsFixture
{
    [Test]
    public void What_was_truncated_is_asked_for_by_TCP()
    {
        using var client = Server.Client();
        Server.Script = heard => heard.Say(heard.Transport == DnsTransport.Udp ? heard.Whole() with { IsTruncated = true } : heard.Reply("A 192.0.2.1", "A 192.0.2.2"));
        var reply = World.Watch(client.Query("a.example", DnsType.A));
        Assert.That((reply.Last.Answers.Count, reply.Last.Transport), Is.EqualTo((2, DnsTransport.Tcp)));
    }

    [Test]
    public void What_was_cut_off_without_a_word_is_asked_for_by_TCP()
    {
        using var client = Server.Client();
        Server.Script = heard =>
        {
            var whole = DnsCodec.Encode(heard.Reply("A 192.0.2.1", "A 192.0.2.2"));
            heard.Say(heard.Transport == DnsTransport.Udp ? whole[..^20] : whole);
        };
        var reply = World.Watch(client.Query("a.example", DnsType.A));
        Assert.That((reply.Last.Answers.Count, reply.Last.Transport), Is.EqualTo((2, DnsTransport.Tcp)));
    }

    [Test]
    public void Truncated_on_TCP_is_an_error()
    {
        using var client = Server.Client();
        Server.Script = heard => heard.Say(heard.Whole() with { IsTruncated = true });
        var reply = World.Watch(client.Query("a.example", DnsType.A));
        World.Passes(30);
        Assert.That(((DnsException)reply.Error!).Attempts[^1].Reason, Does.Contain("truncated"));
    }

    [Test]
    public void What_was_truncated_and_cannot_be_had_by_TCP_is_no_answer([Values] bool hasOther)
    {
        using var other = new DnsStub(World, "10.0.0.54");
        using var client = hasOther ? Server.Client(null, "dns", other) : Server.Client();
        other.Script = heard => heard.Say(heard.Reply("A 192.0.2.7"));
        Server.Script = heard =>
        {
            if (heard.Transport == DnsTransport.Udp)
            {
                heard.Say(heard.Reply("A 192.0.2.66") with { IsTruncated = true });
            }
            else
            {
                heard.Connection!.Abort();
            }
        };
        var reply = World.Watch(client.Query("a.example", DnsType.A));
        World.Passes(30);
        if (hasOther)
        {
            Assert.That(Told(reply), Is.EqualTo("a.example. 300 IN A 192.0.2.7"));
        }
        else
        {
            Assert.That(((DnsException)reply.Error!).Attempts.Select(static attempt => attempt.Transport), Has.Member(DnsTransport.Tcp));
        }

        Assert.That(Server.Heard.Select(static heard => heard.Transport), Has.Member(DnsTransport.Tcp));
    }

    [Test]
    public void A_reply_of_65_535_bytes_comes_by_TCP()
    {
        using var client = Server.Client();
        Server.Script = heard =>
        {
            var reply = heard.Whole() with { Edns = null };
            var length = 65_535 - DnsCodec.Encode(reply).Length - 12;
            heard.Say(heard.Transport == DnsTransport.Udp ? heard.Whole() with { IsTruncated = true }
                : reply with { Answers = [new UnknownRecord("a.example", (DnsType)65280, TimeSpan.Zero, new byte[length])] });
        };
        var reply = World.Watch(client.Query("a.example", DnsType.A));
        World.Passes(5);
        Assert.That(DnsCodec.Encode(reply.Last.Message), Has.Length.EqualTo(65_535));
    }

    [Test]
    public void A_server_that_closes_after_each_reply_harms_nobody()
    {
        using var client = Server.Client(scheme: "tcp");
        Server.Script = heard =>
        {
            heard.Say(heard.Reply("A 192.0.2.1"));
            heard.Connection!.Dispose();
        };
        for (var n = 0; n < 10; n++)
        {
            var reply = World.Watch(client.Query("a.example", DnsType.A));
            World.Passes(0.1);
            Assert.That(Told(reply), Is.EqualTo("a.example. 300 IN A 192.0.2.1"));
        }
    }

    // Nobody can forge there, and a cookie tells who asks.
    [Test]
    public void Over_a_connection_no_cookie_is_sent_and_its_time_is_asked_for_once()
    {
        using var client = Server.Client(scheme: "tcp");
        var isLast = false;
        Server.Script = heard =>
        {
            heard.Say(heard.Reply("A 192.0.2.1"));
            if (isLast)
            {
                heard.Connection!.Dispose();
            }
        };
        for (var n = 0; n < 5; n++)
        {
            isLast = n == 2;
            World.Watch(client.Query("a.example", DnsType.A));
            World.Passes(0.1);
        }

        Assert.That(Server.Heard.Select(static heard => string.Join(',', heard.Message.Edns!.Options.Select(static option => option.Code))), Is.EqualTo(new[] { "11", "", "", "11", "" }));
    }

    [Test]
    public void Replies_in_any_order_find_their_queries()
    {
        using var client = Server.Client(scheme: "tcp");
        var held = new List<DnsHeard>();
        Server.Script = held.Add;
        var replies = Enumerable.Range(0, 100).Select(n => World.Watch(client.Query($"n{n}.example", DnsType.TXT))).ToArray();
        var random = new Random(3);
        foreach (var heard in held.OrderBy(_ => random.Next()).ToArray())
        {
            heard.Say(heard.Reply($"TXT \"{heard.Question.Name}\""));
        }

        World.Passes(0.1);
        Assert.That((Server.Connections, held.Count), Is.EqualTo((1, 100)));
        Assert.That(replies.Select((reply, n) => ((TxtRecord)reply.Last.Answers[0]).Text == $"n{n}.example."), Has.All.True);
    }

    [Test]
    public void What_was_open_when_the_server_closed_is_asked_again_once()
    {
        using var client = Server.Client(new DnsOptions { Tries = 1 }, scheme: "tcp");
        Server.Script = heard =>
        {
            if (Server.Connections == 1)
            {
                _ = Server.Heard.Count == 50 ? Close(heard) : 0;
            }
            else
            {
                heard.Say(heard.Reply("A 192.0.2.1"));
            }
        };
        var replies = Enumerable.Range(0, 50).Select(n => World.Watch(client.Query($"n{n}.example", DnsType.A))).ToArray();
        World.Passes(3);
        Assert.That((replies.Count(reply => reply.IsCompleted), Server.Heard.Count, Server.Connections), Is.EqualTo((50, 100, 2)));

        static int Close(DnsHeard heard)
        {
            heard.Connection!.Dispose();
            return 1;
        }
    }

    [Test]
    public void A_connection_that_nobody_needs_is_closed_and_the_next_query_has_a_new_one()
    {
        using var client = Server.Client(scheme: "tcp");
        World.Watch(client.Query("a.example", DnsType.A));
        World.Watch(client.Query("b.example", DnsType.A));
        World.Passes(11);
        var reply = World.Watch(client.Query("c.example", DnsType.A));
        World.Passes(0.1);
        Assert.That((Told(reply), Server.Connections), Is.EqualTo(("c.example. 300 IN A 192.0.2.1", 2)));
    }

    [Test]
    public void A_server_says_for_how_long_it_keeps_a_connection()
    {
        using var client = Server.Client(scheme: "tcp");
        var closed = 0;
        Server.Script = heard =>
        {
            heard.Connection!.PeerEnded.Register(() => closed++);
            heard.Say(heard.Reply("A 192.0.2.1") with { Edns = new() { Options = [new(11, (byte[])[0, 20])] } });
        };
        World.Watch(client.Query("a.example", DnsType.A));
        World.Watch(client.Query("a.example", DnsType.A));
        World.Passes(1.5);
        var before = closed;
        World.Passes(1.5);
        Assert.That((before, closed > 0), Is.EqualTo((0, true)));
    }
}
