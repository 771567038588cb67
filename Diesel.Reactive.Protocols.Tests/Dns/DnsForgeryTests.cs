using System.Net;
using System.Reactive.Concurrency;
using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>Replies that others send.</summary>
public class DnsForgeryTests : DnsFixture
{
    [Test]
    public void A_reply_to_a_question_that_was_asked_twice_reaches_each_asker_once()
    {
        using var client = Server.Client();
        Server.Script = heard => { heard.Say(heard.Reply("A 192.0.2.1")); heard.Say(heard.Reply("A 192.0.2.2")); };
        var (one, other) = (World.Watch(client.Query("a.example", DnsType.A)), World.Watch(client.Query("a.example", DnsType.A)));
        Assert.That((Told(one), Told(other), one.Values.Count + other.Values.Count), Is.EqualTo(("a.example. 300 IN A 192.0.2.1", "a.example. 300 IN A 192.0.2.1", 2)));
    }

    [TestCase("id")]
    [TestCase("question")]
    [TestCase("type")]
    [TestCase("query")]
    [TestCase("nothing asked")]
    public void A_forged_reply_is_not_taken(string wrong)
    {
        using var client = Server.Client();
        Server.Script = heard =>
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
        Assert.That((Told(World.Watch(client.Query("a.example", DnsType.A))), client.Ignored), Is.EqualTo(("a.example. 300 IN A 192.0.2.1", 1)));
    }

    [Test]
    public void Of_many_forged_replies_none_is_taken_and_TCP_is_asked()
    {
        using var client = Server.Client();
        var random = new Random(1);
        Server.Script = heard =>
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
            var reply = World.Watch(client.Query("a.example", DnsType.A));
            Assert.That((Told(reply), reply.Last.Transport), Is.EqualTo(("a.example. 300 IN A 192.0.2.1", DnsTransport.Tcp)));
        }
    }

    [TestCase(20, DnsTransport.Udp)]
    [TestCase(21, DnsTransport.Tcp)]
    public void Twenty_forged_replies_are_borne(int count, DnsTransport transport)
    {
        using var client = Server.Client();
        Server.Script = heard =>
        {
            for (var n = 0; heard.Transport == DnsTransport.Udp && n < count; n++)
            {
                heard.Say(heard.Reply("A 203.0.113.66") with { Id = (ushort)(heard.Message.Id + 1 + n) });
            }

            heard.Say(heard.Reply("A 192.0.2.1"));
        };
        var reply = World.Watch(client.Query("a.example", DnsType.A));
        Assert.That((Told(reply), reply.Last.Transport, client.Ignored), Is.EqualTo(("a.example. 300 IN A 192.0.2.1", transport, count)));
    }

    [TestCase("10.0.0.66", 53)]
    [TestCase("10.0.0.53", 5353)]
    public void Who_sends_from_another_address_or_another_port_alone_is_not_heard(string address, int port)
    {
        using var client = Server.Client();
        var host = address == "10.0.0.53" ? Server.Host : World.Network.Host("stranger", IPAddress.Parse(address));
        var stranger = host.CreateNetwork(World.Hub).Bind(new IPEndPoint(IPAddress.Parse(address), port), null, new());
        Server.Script = heard =>
        {
            stranger.Send(new Datagram(DnsCodec.Encode(heard.Reply("A 203.0.113.66")), heard.From));
            World.Hub.Schedule(TimeSpan.FromMilliseconds(100), () => heard.Say(heard.Reply("A 192.0.2.1")));
        };
        var reply = World.Watch(client.Query("a.example", DnsType.A));
        World.Passes(1);
        Assert.That(Told(reply), Is.EqualTo("a.example. 300 IN A 192.0.2.1"));
        stranger.Close();
    }
}
