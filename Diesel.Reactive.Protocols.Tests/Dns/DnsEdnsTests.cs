using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>What servers can of EDNS, and their cookies.</summary>
public class DnsEdnsTests : DnsClientFixture
{
    private static readonly byte[] ServerCookie = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

    [Test]
    public void A_query_has_EDNS_a_size_and_a_cookie()
    {
        Ask();
        var edns = Server.Heard[0].Message.Edns!;
        Assert.That((edns.UdpSize, edns.Version, edns.DnssecOk, string.Join(' ', edns.Options.Select(option => $"{option.Code}:{option.Value.Length}"))), Is.EqualTo((1232, 0, false, "10:8")));
    }

    [TestCase(DnsResponseCode.FormatError)]
    [TestCase(DnsResponseCode.NotImplemented)]
    public void Who_does_not_know_it_is_asked_without_and_remembered(DnsResponseCode code)
    {
        Server.Script = heard => heard.Say(heard.Message.Edns is null ? heard.Reply("A 192.0.2.1") : heard.Fails(code) with { Edns = null });
        Ask();
        Ask();
        Assert.That(Forms, Is.EqualTo("options plain plain"));
        World.Passes(15 * 60);
        Ask();
        Assert.That(Forms, Is.EqualTo("options plain plain options plain"), "a quarter of an hour later it is tried again");
    }

    [Test]
    public void Who_dislikes_an_option_is_asked_without_options()
    {
        Server.Script = heard => heard.Say(heard.Message.Edns is { Options.Count: > 0 } ? heard.Fails(DnsResponseCode.FormatError) : heard.Reply("A 192.0.2.1"));
        Ask();
        Ask();
        Assert.That(Forms, Is.EqualTo("options bare bare"));
    }

    [Test]
    public void Twelve_bytes_of_error_count_as_the_servers_answer()
    {
        Server.Script = heard => heard.Say((byte[])[(byte)(heard.Message.Id >> 8), (byte)heard.Message.Id, 0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
        var reply = World.Watch(Client.Query("a.example", DnsType.A));
        Assert.That(((DnsException)reply.Error!).Code, Is.EqualTo(DnsResponseCode.FormatError));
        Assert.That(Forms, Is.EqualTo("options plain"));
    }

    [Test]
    public void Who_drops_what_has_EDNS_is_asked_without_in_the_end_and_remembered()
    {
        Server.Script = heard =>
        {
            if (heard.Message.Edns is null)
            {
                heard.Say(heard.Reply("A 192.0.2.1"));
            }
        };
        Ask(10);
        Assert.That(Forms, Is.EqualTo("options options plain"));
        Ask();
        Assert.That(Forms, Is.EqualTo("options options plain plain"));
    }

    [Test]
    public void Who_has_another_version_is_asked_without()
    {
        Server.Script = heard => heard.Say(heard.Message.Edns is null ? heard.Reply("A 192.0.2.1") : heard.Fails(DnsResponseCode.BadVersion));
        Ask();
        Assert.That(Forms, Is.EqualTo("options plain"));
    }

    [Test]
    public void Who_answers_well_without_it_is_taken_and_remembered()
    {
        Server.Script = heard => heard.Say(heard.Reply("A 192.0.2.1") with { Edns = null });
        Ask();
        Ask();
        Assert.That(Forms, Is.EqualTo("options plain"));
    }

    [Test]
    public void A_cookie_is_sent_back_with_the_servers()
    {
        Server.Script = heard => heard.Say(Cookied(heard, Mine(heard), ServerCookie));
        Ask();
        Ask();
        var (first, second) = (Cookie(Server.Heard[0]), Cookie(Server.Heard[1]));
        Assert.That((first!.Length, second.AsSpan(8).SequenceEqual(ServerCookie), second.AsSpan(0, 8).SequenceEqual(first)), Is.EqualTo((8, true, true)));
    }

    [Test]
    public void Another_servers_cookie_is_another_one()
    {
        using var other = new DnsStub(World, "10.0.0.54");
        using var client = other.Client();
        Ask();
        World.Watch(client.Query("a.example", DnsType.A));
        Assert.That(Cookie(Server.Heard[0]), Is.Not.EqualTo(Cookie(other.Heard[0])));
    }

    [Test]
    public void A_reply_with_another_cookie_is_forged()
    {
        Server.Script = heard =>
        {
            heard.Say(Cookied(heard, new byte[8], ServerCookie) with { Answers = [DnsRecord.Parse("a.example. 1 A 203.0.113.66")] });
            heard.Say(Cookied(heard, Mine(heard), ServerCookie));
        };
        Assert.That((Ask(), Client.Ignored), Is.EqualTo(("192.0.2.1", 1)));
    }

    [TestCase(7)]
    [TestCase(12)]
    [TestCase(41)]
    public void A_cookie_of_no_length_that_there_is_is_forged(int length)
    {
        Server.Script = heard =>
        {
            heard.Say(heard.Reply("A 203.0.113.66") with { Edns = new() { Options = [new(10, ((byte[])[.. Mine(heard), .. new byte[41]]).AsMemory(0, length))] } });
            heard.Say(heard.Reply("A 192.0.2.1"));
        };
        Assert.That(Ask(), Is.EqualTo("192.0.2.1"));
    }

    [Test]
    public void A_reply_without_the_cookie_that_the_server_has_given_is_asked_for_by_TCP()
    {
        Server.Script = heard => heard.Say(Cookied(heard, Mine(heard), ServerCookie));
        Ask();
        Server.Script = heard => heard.Say(heard.Transport == DnsTransport.Udp ? heard.Reply("A 203.0.113.66") : Cookied(heard, Mine(heard), ServerCookie));
        Assert.That((Ask(), Server.Heard[^1].Transport), Is.EqualTo(("192.0.2.1", DnsTransport.Tcp)));
    }

    [Test]
    public void A_server_that_stops_giving_cookies_is_not_sent_one_for_five_minutes()
    {
        Server.Script = heard => heard.Say(Cookied(heard, Mine(heard), ServerCookie));
        Ask();
        Server.Script = heard => heard.Say(heard.Reply("A 192.0.2.1"));
        Ask();
        Ask();
        Assert.That((Server.Heard[^2].Transport, Server.Heard[^1].Transport, Cookie(Server.Heard[^1])), Is.EqualTo((DnsTransport.Tcp, DnsTransport.Udp, (byte[]?)null)));
        World.Passes(5 * 60);
        Ask();
        Assert.That(Cookie(Server.Heard[^1])!.SequenceEqual(Cookie(Server.Heard[0])!), Is.False, "a new one then");
    }

    [Test]
    public void A_server_that_wants_its_cookie_gets_it_once_more_and_is_asked_by_TCP_then()
    {
        Server.Script = heard => heard.Say(heard.Transport == DnsTransport.Tcp ? Cookied(heard, Mine(heard), ServerCookie)
            : Cookied(heard, Mine(heard), ServerCookie) with { ResponseCode = DnsResponseCode.BadCookie, Answers = [] });
        Assert.That(Ask(), Is.EqualTo("192.0.2.1"));
        Assert.That(Server.Heard.Select(heard => heard.Transport), Is.EqualTo(new[] { DnsTransport.Udp, DnsTransport.Udp, DnsTransport.Tcp }));
    }

    [Test]
    public void A_server_that_wants_its_cookie_is_content_with_it()
    {
        Server.Script = heard => heard.Say(Cookie(heard)!.Length > 8 ? Cookied(heard, Mine(heard), ServerCookie)
            : Cookied(heard, Mine(heard), ServerCookie) with { ResponseCode = DnsResponseCode.BadCookie, Answers = [] });
        Assert.That((Ask(), Server.Heard.Count), Is.EqualTo(("192.0.2.1", 2)));
    }

    [Test]
    public void The_reason_that_a_server_tells_is_in_the_exception()
    {
        Server.Script = heard => heard.Say(heard.Fails(DnsResponseCode.ServerFailure) with { Edns = new() { Options = [DnsOption.Of(new(22, "all gone\0"))] } });
        var error = (DnsException)World.Watch(Client.Query("a.example", DnsType.A)).Error!;
        Assert.That((error.Code, error.ExtendedError, error.Message.Contains("SERVFAIL, no reachable authority (all gone)", StringComparison.Ordinal)),
            Is.EqualTo((DnsResponseCode.ServerFailure, "no reachable authority (all gone)", true)));
    }

    private string Forms => string.Join(' ', Server.Heard.Select(heard => heard.Message.Edns is not { } edns ? "plain" : edns.Options.Count == 0 ? "bare" : "options"));

    private static byte[]? Cookie(DnsHeard heard) => heard.Message.Edns?.Find(10)?.ToArray();

    private static byte[] Mine(DnsHeard heard) => Cookie(heard)![..8];

    private static DnsMessage Cookied(DnsHeard heard, byte[] client, byte[] server) =>
        heard.Reply("A 192.0.2.1") with { Edns = new() { Options = [new(10, (byte[])[.. client, .. server])] } };

    private string Ask(double seconds = 0.1)
    {
        var reply = World.Watch(Client.Query("a.example", DnsType.A));
        World.Passes(seconds);
        return reply.Error is { } error ? error.Message : ((ARecord)reply.Last.Answers[0]).Address.ToString();
    }
}
