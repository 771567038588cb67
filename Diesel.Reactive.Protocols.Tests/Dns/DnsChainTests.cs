using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>Names that lead to names.</summary>
public class DnsChainTests : DnsResolverFixture
{
    [TestCase(16, true)]
    [TestCase(17, false)]
    public void A_chain_of_names_may_have_sixteen_links(int links, bool isFollowed)
    {
        Server.Script = heard => heard.Say(heard.Question.Type == DnsType.AAAA ? heard.None(DnsResponseCode.NoError) : heard.Whole(
        [
            .. Enumerable.Range(0, links).Select(n => DnsRecord.Parse($"n{n}.example. 300 CNAME n{n + 1}.example.")), DnsRecord.Parse($"n{links}.example. 300 A 192.0.2.1"),
        ]));
        var reply = Query("n0.example", DnsType.A);
        Assert.That((reply.IsCompleted, reply.Error is DnsException), Is.EqualTo((isFollowed, !isFollowed)));
    }

    [Test]
    public void Of_a_chain_that_is_too_long_nothing_is_remembered()
    {
        Server.Script = heard => heard.Say(heard.Whole(
        [
            .. Enumerable.Range(0, 17).Select(n => DnsRecord.Parse($"n{n}.example. 300 CNAME n{n + 1}.example.")), DnsRecord.Parse("n17.example. 300 A 192.0.2.1"),
        ]));
        Assert.That(Query("n0.example", DnsType.A).Error, Is.InstanceOf<DnsException>());
        Assert.That(Query("n1.example", DnsType.A).Last.Answers, Has.Count.EqualTo(17));
        Assert.That(Server.Heard, Has.Count.EqualTo(2), "The rest of it is a chain of sixteen, and was asked for.");
    }

    [TestCase(16, true)]
    [TestCase(17, false)]
    public void Link_by_link_as_well(int links, bool isFollowed)
    {
        Server.Script = heard => heard.Say(heard.Question.Name == $"n{links}.example" ? heard.Reply("A 192.0.2.1")
            : heard.Reply($"CNAME n{int.Parse(heard.Question.Name.ToString()[1..].Split('.')[0]) + 1}.example."));
        var reply = Query("n0.example", DnsType.A);
        World.Passes(1);
        Assert.That((reply.IsCompleted, reply.Error is DnsException), Is.EqualTo((isFollowed, !isFollowed)));
    }

    [Test]
    public void A_circle_of_names_is_an_error()
    {
        Server.Script = heard => heard.Say(heard.Reply(heard.Question.Name == "a.example" ? "CNAME b.example." : "CNAME a.example."));
        var reply = Query("a.example", DnsType.A);
        World.Passes(0.1);
        Assert.That((((DnsException)reply.Error!).Message.Contains("circle", StringComparison.Ordinal), Server.Heard.Count), Is.EqualTo((true, 2)));
    }

    [Test]
    public void A_name_for_itself_is_an_error()
    {
        Server.Script = heard => heard.Say(heard.Reply($"CNAME {heard.Question.Name}"));
        Assert.That(Query("a.example", DnsType.A).Error, Is.InstanceOf<DnsException>());
    }

    [Test]
    public void Another_name_for_all_below_is_followed_without_the_servers_help()
    {
        Server.Script = heard => heard.Say(heard.Whole(DnsRecord.Parse("old.example. 300 DNAME new.example."), DnsRecord.Parse("a.b.new.example. 300 A 192.0.2.1")));
        Assert.That(Lookup("a.b.old.example"), Is.EqualTo("192.0.2.1"));
    }

    [Test]
    public void A_name_for_nothing_is_no_such_name()
    {
        Server.Script = heard => heard.Say(heard.None() with { Answers = [DnsRecord.Parse("a.example. 300 CNAME gone.example.")] });
        Assert.That((Lookup("a.example"), Lookup("a.example"), Server.Heard.Count), Is.EqualTo(("NXDOMAIN", "NXDOMAIN", 2)));
    }

    [Test]
    public void A_name_beside_data_gives_the_data()
    {
        Server.Script = heard => heard.Say(heard.Question.Type == DnsType.A ? heard.Reply("CNAME b.example.", "A 192.0.2.1") : heard.None(DnsResponseCode.NoError));
        Assert.That(Lookup("a.example"), Is.EqualTo("192.0.2.1"));
    }

    [Test]
    public void Records_of_names_that_nobody_asked_for_are_not_remembered()
    {
        Server.Script = heard => heard.Say(heard.Question.Name == "a.example" ? heard.Whole(DnsRecord.Parse("a.example. 300 A 192.0.2.1"), DnsRecord.Parse("bank.example. 300 A 203.0.113.66")) : heard.Reply("A 192.0.2.2"));
        Query("a.example", DnsType.A);
        Assert.That(((ARecord)Query("bank.example", DnsType.A).Last.Answers.Single()).Address.ToString(), Is.EqualTo("192.0.2.2"));
    }
}
