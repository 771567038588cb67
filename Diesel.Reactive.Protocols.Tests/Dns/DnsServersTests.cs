using System.Reactive.Concurrency;
using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>Several servers.</summary>
public class DnsServersTests : DnsFixture
{
    private DnsStub _second = null!;

    [SetUp]
    public void SetUp() => _second = new DnsStub(World, "10.0.0.54");

    [TearDown]
    public void TearDown() => _second.Dispose();

    [Test]
    public void A_dead_one_has_hardly_any_queries_and_is_back_within_30_s_of_living_again()
    {
        using var client = Server.Client(others: _second);
        Server.Script = static _ => { };
        Ask(client, seconds: 3);
        var (before, beforeOther) = (Server.Heard.Count, _second.Heard.Count);
        for (var n = 0; n < 200; n++)
        {
            Ask(client, seconds: 1);
        }

        var (dead, other) = (Server.Heard.Count - before, _second.Heard.Count - beforeOther);
        Assert.That((double)dead / (dead + other), Is.LessThan(0.05));
        Server.Script = static heard => heard.Say(heard.Reply("A 192.0.2.1"));
        before = Server.Heard.Count;
        for (var n = 0; n < 30; n++)
        {
            Ask(client, seconds: 1);
        }

        Assert.That(Server.Heard.Count - before, Is.GreaterThan(0), "found alive beside a query to the other");
        _second.Script = static _ => { };
        Ask(client, seconds: 3);
        Assert.That(Ask(client, seconds: 0.1).IsCompleted);
    }

    [Test]
    public void The_quicker_is_asked_and_the_slower_now_and_then()
    {
        using var client = Server.Client(others: _second);
        World.Network.SetLinks("local", Server.Host.Name, new() { Latency = TimeSpan.FromMilliseconds(20) });
        World.Network.SetLinks("local", _second.Host.Name, new() { Latency = TimeSpan.FromMilliseconds(2) });
        for (var n = 0; n < 300; n++)
        {
            Ask(client, seconds: 0.1);
        }

        Assert.That(_second.Heard, Has.Count.GreaterThan(200));
        Assert.That(Server.Heard, Has.Count.GreaterThan(1), "it may be quicker some day");
    }

    [Test]
    public void All_dead_is_one_error_in_less_than_ten_seconds_that_names_each()
    {
        using var client = Server.Client(others: _second);
        Server.Script = _second.Script = static _ => { };
        var reply = Ask(client, seconds: 9.99);
        var error = (DnsException)reply.Error!;
        Assert.That(error.Attempts.Select(attempt => $"{attempt.Server}"), Is.EquivalentTo(new[] { "10.0.0.53:53", "10.0.0.54:53" }));
        Assert.That(error.Message, Does.Contain("10.0.0.53:53 (UDP): no reply within").And.Contain("10.0.0.54:53 (UDP): no reply within"));
        Assert.That((Server.Heard.Count, _second.Heard.Count), Is.EqualTo((3, 3)));
    }

    [TestCase(DnsResponseCode.ServerFailure)]
    [TestCase(DnsResponseCode.Refused)]
    [TestCase(DnsResponseCode.NotImplemented)]
    public void Who_cannot_or_does_not_want_to_is_passed_over(DnsResponseCode code)
    {
        using var client = Server.Client(others: _second);
        Server.Script = heard => heard.Say(heard.Fails(code));
        var reply = Ask(client, seconds: 0.1);
        Assert.That((reply.Last.Server, Server.Heard.Count, _second.Heard.Count), Is.EqualTo((_second.EndPoint, 1, 1)));
    }

    [Test]
    public void Different_reasons_are_told_each()
    {
        using var client = Server.Client(others: _second);
        Server.Script = static heard => heard.Say(heard.Fails(DnsResponseCode.Refused));
        _second.Script = static _ => { };
        var error = (DnsException)Ask(client, seconds: 9.99).Error!;
        Assert.That(error.Message, Does.Contain("10.0.0.53:53 (UDP): REFUSED").And.Contain("10.0.0.54:53 (UDP): no reply within"));
    }

    [Test]
    public void A_late_answer_is_taken_all_the_same()
    {
        using var client = Server.Client(others: _second);
        Server.Script = heard => World.Hub.Schedule(TimeSpan.FromSeconds(2.5), () => heard.Say(heard.Reply("A 192.0.2.9")));
        _second.Script = static _ => { };
        var reply = Ask(client, seconds: 3);
        Assert.That(reply.Last.Server, Is.EqualTo(Server.EndPoint));
    }

    private Story<DnsReply> Ask(DnsClient client, double seconds)
    {
        var reply = World.Watch(client.Query("a.example", DnsType.A));
        World.Passes(seconds - 0.001);
        return reply;
    }
}
