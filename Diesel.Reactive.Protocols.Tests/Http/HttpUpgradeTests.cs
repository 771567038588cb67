using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.HttpTalk;

namespace Diesel.Reactive.Tests;

/// <summary>Other protocols take the connection over, with what was read ahead.</summary>
public class HttpUpgradeTests
{
    private const string Upgrade = "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: h2c, echo\r\n\r\n";

    [Test]
    public void What_came_with_the_upgrade_is_the_other_protocols()
    {
        using var world = new World();
        var peer = world.Talk(static _ => HttpResponse.Upgrade("echo", static connection => connection.Select(static bytes => bytes.ToUpper())), Upgrade + "early");
        Assert.That(peer.Answers(), Is.EqualTo("HTTP/1.1 101 Switching Protocols Upgrade: echo Connection: Upgrade  EARLY"));
        Assert.That(peer.Sends("late").Ends().Answers(), Does.EndWith("EARLYLATE|"));
    }

    [Test]
    public void A_conversation_may_take_over_and_its_end_closes()
    {
        using var world = new World();
        var peer = world.Talk(static _ => HttpResponse.Upgrade("echo", static async connection => await connection.Send(await connection.Read(Framing.Bytes(2)))), Upgrade + "ping");
        Assert.That(peer.Answers(), Does.EndWith("Upgrade  pi|"));
    }

    [Test]
    public void CONNECT_is_let_through()
    {
        using var world = new World();
        var peer = world.Talk(static _ => HttpResponse.Tunnel(static async connection => await connection.Send(await connection.Read(Framing.Bytes(4)))), "CONNECT b:80 HTTP/1.1\r\nHost: b:80\r\n\r\nping");
        Assert.That(peer.Answers(), Is.EqualTo("HTTP/1.1 200 OK  ping|"));
    }

    [Test]
    public void CONNECT_has_no_other_success() =>
        Assert.That(Answer(static _ => HttpResponse.Text("hello"), "CONNECT b:80 HTTP/1.1\r\nHost: b:80\r\n\r\n" + Get), Does.StartWith("HTTP/1.1 501 ").And.EndsWith("hello"));

    [Test]
    public void What_was_proposed_may_be_passed_over() =>
        Assert.That(Answer(static _ => HttpResponse.Text("no"), Upgrade + Get), Is.EqualTo("HTTP/1.1 200 OK Content-Length: 2  noHTTP/1.1 200 OK Content-Length: 2  no"));

    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: echo\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n")]
    [TestCase("GET / HTTP/1.0\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")]
    public void What_was_not_proposed_is_the_handlers_mistake(string request)
    {
        using var world = new World();
        var proposed = true;
        var peer = world.Talk(each =>
        {
            proposed = each.Proposes("echo");
            return HttpResponse.Upgrade("echo", static connection => connection);
        }, request);
        Assert.That((peer.Answers()[..12], proposed, world.Trouble), Is.EqualTo(("HTTP/1.1 500", false, "InvalidOperationException")));
    }

    [Test]
    public void An_upgrade_begins_behind_the_requests_body()
    {
        using var world = new World();
        var peer = world.Talk(
            static _ => HttpResponse.Upgrade("echo", static connection => connection),
            "POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\nContent-Length: 4\r\n\r\nbo");
        Assert.That(peer.Answers(), Is.Empty);
        Assert.That(peer.Sends("dyping").Answers(), Does.EndWith("Upgrade  ping"));
    }
}
