using System.Net;
using System.Net.Sockets;
using System.Text;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>A connection by way of a SOCKS5 proxy, byte by byte.</summary>
public class Socks5Tests
{
    private const string Greeting = "\u0005\u0001\0";
    private const string GreetingWithLogin = "\u0005\u0002\0\u0002";
    private const string Chosen = "\u0005\0";
    private const string LoginChosen = "\u0005\u0002";
    private const string Connected = "\u0005\0\0\u0001\u007f\0\0\u0001\u0010\u0020";

    private static readonly Socks5Proxy Proxy = new("proxy");
    private static readonly DnsEndPoint Example = new("example.com", 443);

    private static readonly IEnumerable<TestCaseData> Requests =
    [
        new(new DnsEndPoint("example.com", 443), "\u0005\u0001\0\u0003\u000bexample.com\u0001\u00bb"),
        new(new DnsEndPoint("bücher.example", 80), "\u0005\u0001\0\u0003\u0015xn--bcher-kva.example\0\u0050"),
        new(new DnsEndPoint("192.0.2.1", 80), "\u0005\u0001\0\u0001\u00c0\0\u0002\u0001\0\u0050"),
        new(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 80), "\u0005\u0001\0\u0001\u00c0\0\u0002\u0001\0\u0050"),
        new(new IPEndPoint(IPAddress.Parse("::1"), 80), "\u0005\u0001\0\u0004" + new string('\0', 15) + "\u0001\0\u0050"),
    ];

    [TestCaseSource(nameof(Requests))]
    public void It_asks_for_an_endpoint(EndPoint endPoint, string request)
    {
        var (wire, up) = Asks(Proxy, endPoint);
        wire.Peer.Sends(Chosen);
        Assert.That((wire.Peer.Received, up.ToString()), Is.EqualTo((Greeting + request, "")));
        wire.Peer.Sends(Connected + "A\r\n");
        Assert.That((up.ToString(), wire.Lines().ToString()), Is.EqualTo(("() |", "A")));
        Assert.That(wire.Connection.RemoteEndPoint, Is.EqualTo(endPoint));
    }

    [Test]
    public void The_answers_may_be_cut_anywhere([Range(1, 15)] int length)
    {
        var (wire, up) = Asks(Proxy with { User = "me", Password = "secret" }, Example);
        wire.World.Network.Conditions = new() { Cut = Cut.Of(there => Math.Min(there, length)) };
        wire.Peer.Sends(LoginChosen + "\u0001\0" + Connected + "A\r\n").Ends();
        wire.Passes(1);
        Assert.That((up.ToString(), wire.Lines().ToString()), Is.EqualTo(("() |", "A |")));
        Assert.That(wire.Peer.Received, Does.StartWith(GreetingWithLogin + "\u0001\u0002me\u0006secret\u0005\u0001\0\u0003"));
    }

    [TestCase("\u0005\0\0\u0001\u007f\0\0\u0001\u0010\u0020")]
    [TestCase("\u0005\0\0\u0003\u0004host\u0010\u0020")]
    [TestCase("\u0005\0\0\u0003\0\u0010\u0020")]
    [TestCase("\u0005\0\0\u0004\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u0001\u0010\u0020")]
    public void The_proxys_own_address_is_read_over(string reply)
    {
        var (wire, up) = Asks(Proxy, Example);
        wire.Peer.Sends(Chosen + reply + "A\r\n");
        Assert.That((up.ToString(), wire.Lines().ToString()), Is.EqualTo(("() |", "A")));
    }

    [Test]
    public void A_login_is_offered_and_not_forced()
    {
        var (wire, up) = Asks(Proxy with { User = "me" }, Example);
        wire.Peer.Sends(Chosen + Connected);
        Assert.That((up.ToString(), wire.Peer.Received), Is.EqualTo(("() |", GreetingWithLogin + "\u0005\u0001\0\u0003\u000bexample.com\u0001\u00bb")));
    }

    [TestCase(1, "general failure")]
    [TestCase(2, "rules do not allow")]
    [TestCase(3, "network cannot be reached")]
    [TestCase(4, "host cannot be reached")]
    [TestCase(5, "connection refused")]
    [TestCase(6, "TTL expired")]
    [TestCase(7, "command not supported")]
    [TestCase(8, "kind of address")]
    [TestCase(99, "code 99")]
    public void A_refusal_says_why(int code, string why)
    {
        var (wire, up) = Asks(Proxy, Example);
        wire.Peer.Sends($"{Chosen}\u0005{(char)code}");
        Assert.That(up.Error, Is.InstanceOf<ProxyException>().With.Property("Code").EqualTo(code));
        Assert.That(up.Error!.Message, Does.StartWith("The SOCKS5 proxy proxy:1080 did not connect to example.com:443: ").And.Contain(why));
        Assert.That((wire.Peer.IsReset, wire.World.Trouble), Is.EqualTo((true, "")));
    }

    [TestCase(null, "\u0005\u00ff", "wants a login. Set User and Password.")]
    [TestCase("me", "\u0005\u00ff", "takes neither")]
    [TestCase("me", "\u0005\u0002\u0001\u0001", "name or password is wrong")]
    [TestCase(null, "\u0005\u0002", "chose the method 2, which it was not offered")]
    [TestCase("me", "\u0005\u0001", "chose the method 1, which it was not offered")]
    [TestCase("me", "\u0005\u0002\u0005\0", "answered with version 5 instead of 1")]
    [TestCase(null, "HTTP/1.1 400 Bad Request\r\n\r\n", "answered with version 72 instead of 5: is it a SOCKS5 proxy?")]
    [TestCase(null, "\u0004\u005a", "answered with version 4 instead of 5")]
    [TestCase(null, "\u0005\0\u0005\0\0\u0002", "an address of the kind 2")]
    public void What_is_wrong_is_said(string? user, string answers, string why)
    {
        var (wire, up) = Asks(Proxy with { User = user }, Example);
        wire.Peer.Sends(answers);
        Assert.That(up.Error, Is.InstanceOf<ProxyException>().With.Message.Contains(why));
        Assert.That((up.Error!.Message, wire.Peer.IsReset), Is.EqualTo((up.Error.Message.Replace("secret", "", StringComparison.Ordinal), true)));
    }

    [TestCase("")]
    [TestCase("\u0005")]
    [TestCase("\u0005\0\u0005")]
    [TestCase("\u0005\0\u0005\0\0\u0001\u007f")]
    public void A_proxy_that_ends_in_the_middle_is_told_apart(string answers)
    {
        var (wire, up) = Asks(Proxy, Example);
        wire.Peer.Sends(answers).Ends();
        Assert.That(up.Error, Is.InstanceOf<ProxyException>().With.InnerException.InstanceOf<TruncatedFrameException>());
    }

    [Test]
    public void What_has_no_form_in_the_protocol_is_refused_before_anything_is_dialled()
    {
        Assert.That(() => Ask(Proxy, new UnixDomainSocketEndPoint("/run/a")), Throws.ArgumentException);
        Assert.That(() => Ask(Proxy, new DnsEndPoint("two words", 1)), Throws.ArgumentException);
        Assert.That(() => Ask(Proxy, new DnsEndPoint("line\r\nend", 1)), Throws.ArgumentException);
        Assert.That(() => Ask(Proxy with { User = "" }, Example), Throws.InvalidOperationException);
        Assert.That(() => Ask(Proxy with { User = new string('é', 128) }, Example), Throws.InvalidOperationException);
        Assert.That(static () => new Socks5Proxy("", 1), Throws.ArgumentException);
        Assert.That(static () => new Socks5Proxy("host", 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_password_is_shown_nowhere() =>
        Assert.That($"{Proxy with { User = "me", Password = "secret" }}", Is.EqualTo("SOCKS5 proxy proxy:1080"));

    [Test]
    public void Random_answers_end_in_an_error_or_a_connection()
    {
        var random = new Random(2);
        for (var i = 0; i < 500; i++)
        {
            var (wire, up) = Asks(Proxy with { User = "me" }, Example);
            wire.Peer.Sends(Encoding.Latin1.GetString([.. Enumerable.Range(0, 12).Select(_ => (byte)(random.Next(3) == 0 ? random.Next(256) : random.Next(6)))])).Ends();
            Assert.That((up.IsOver, wire.World.Trouble), Is.EqualTo((true, "")));
            wire.World.Dispose();
        }
    }

    private static void Ask(ForwardProxy proxy, EndPoint endPoint) => proxy.ThrowIfUnaskable(endPoint);

    private static (Wire Wire, Story<System.Reactive.Unit> Up) Asks(ForwardProxy proxy, EndPoint endPoint)
    {
        var wire = new Wire();
        return (wire, wire.Watch(c => c.Upgrade((below, hub) => proxy.LayOver(below, hub, endPoint))));
    }
}
