using System.Net;
using System.Net.Sockets;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>A connection by way of an HTTP proxy, byte by byte.</summary>
public class HttpProxyTests
{
    private const string Ok = "HTTP/1.1 200 Connection established\r\n\r\n";

    private static readonly HttpProxy Proxy = new("proxy", 3128);
    private static readonly DnsEndPoint Example = new("example.com", 443);

    private static readonly IEnumerable<TestCaseData> Authorities =
    [
        new(Example, "example.com:443"),
        new(new DnsEndPoint("bücher.example", 80), "xn--bcher-kva.example:80"),
        new(new DnsEndPoint("::1", 80), "[::1]:80"),
        new(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 80), "192.0.2.1:80"),
        new(new IPEndPoint(IPAddress.Parse("fe80::1%3"), 80), "[fe80::1]:80"),
    ];

    [TestCaseSource(nameof(Authorities))]
    public void It_asks_for_an_endpoint(EndPoint endPoint, string authority)
    {
        var (wire, up) = Asks(Proxy, endPoint);
        Assert.That((wire.Peer.Received, up.ToString()), Is.EqualTo(($"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n", "")));
        wire.Peer.Sends(Ok + "A\r\n");
        Assert.That((up.ToString(), wire.Lines().ToString()), Is.EqualTo(("() |", "A")));
        Assert.That(wire.Connection.RemoteEndPoint, Is.EqualTo(endPoint));
        Assert.That(wire.Connection.Feature<ProxyTunnel>(), Is.EqualTo(new ProxyTunnel(Proxy, new IPEndPoint(World.Here, Wire.Port))));
    }

    [TestCase("HTTP/1.1 200 OK\r\n\r\n")]
    [TestCase("HTTP/1.0 200\r\n\r\n")]
    [TestCase("HTTP/1.1 299 Whatever\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [TestCase("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")]
    public void Any_2xx_is_a_connection_and_has_no_content(string answer)
    {
        var (wire, up) = Asks(Proxy, Example);
        wire.Peer.Sends(answer + "A\r\n");
        Assert.That((up.ToString(), wire.Lines().ToString()), Is.EqualTo(("() |", "A")));
    }

    [Test]
    public void The_answer_may_be_cut_anywhere([Range(1, 45)] int length)
    {
        var (wire, up) = Asks(Proxy, Example);
        wire.World.Network.Conditions = new() { Cut = Cut.Of(there => Math.Min(there, length)) };
        wire.Peer.Sends(Ok + "A\r\n").Ends();
        wire.Passes(1);
        Assert.That((up.ToString(), wire.Lines().ToString()), Is.EqualTo(("() |", "A |")));
    }

    [Test]
    public void A_login_goes_with_the_request()
    {
        var (wire, _) = Asks(Proxy with { User = "Aladdin", Password = "open sesame" }, Example);
        Assert.That(wire.Peer.Received, Does.EndWith("\r\nProxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n"));
    }

    [TestCase(null, "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"", "it wants a login (407). Set User and Password.")]
    [TestCase("me", "407 Proxy Authentication Required\r\nproxy-authenticate: Digest realm=\"x\"\r\nProxy-Authenticate: NTLM", "it offers Digest, NTLM, and Basic")]
    [TestCase(null, "403 Forbidden", "its rules do not allow that (403 Forbidden)")]
    [TestCase(null, "405 Method Not Allowed", "its rules do not allow that (405")]
    [TestCase(null, "502 Bad Gateway", "it could not connect (502 Bad Gateway). Is something listening there?")]
    [TestCase(null, "503 Service Unavailable", "it could not connect (503")]
    [TestCase(null, "504 Gateway Timeout", "it got no answer in time (504")]
    [TestCase(null, "400", "it answered 400.")]
    [TestCase(null, "302 Found\r\nLocation: http://elsewhere", "it answered 302 Found.")]
    [TestCase(null, "101 Switching Protocols", "it answered 101")]
    public void A_refusal_says_why(string? user, string answer, string why)
    {
        var (wire, up) = Asks(Proxy with { User = user, Password = "secret" }, Example);
        wire.Peer.Sends($"HTTP/1.1 {answer}\r\n\r\n<html>");
        Assert.That(up.Error, Is.InstanceOf<ProxyException>().With.Property("Code").EqualTo(int.Parse(answer[..3])));
        Assert.That(up.Error!.Message, Does.StartWith("The HTTP proxy proxy:3128 did not connect to example.com:443: ").And.Contain(why).And.Not.Contain("secret"));
        Assert.That((wire.Peer.IsReset, wire.World.Trouble), Is.EqualTo((true, "")));
    }

    [TestCase("SSH-2.0-OpenSSH\r\n\r\n\r\n")]
    [TestCase("HTTP/2 200 OK\r\n\r\n")]
    [TestCase("HTTP/1.1 20 OK\r\n\r\n")]
    [TestCase("HTTP/1.1 2000 OK\r\n\r\n")]
    [TestCase("HTTP/1.1 -20 OK\r\n\r\n")]
    [TestCase("HTTP/1.1 099 OK\r\n\r\n")]
    [TestCase("HTTP/1.1\r\n\r\n")]
    [TestCase("\r\n\r\n")]
    public void What_is_no_answer_is_said(string answer)
    {
        var (wire, up) = Asks(Proxy, Example);
        wire.Peer.Sends(answer);
        Assert.That(up.Error, Is.InstanceOf<ProxyException>().With.Message.Contains("is it an HTTP proxy?").And.InnerException.InstanceOf<ProtocolException>());
    }

    [Test]
    public void An_answer_that_never_ends_is_cut_off()
    {
        var (wire, up) = Asks(Proxy, Example);
        for (var i = 0; i < 100 && !wire.Peer.IsReset; i++)
        {
            wire.Peer.Sends(i == 0 ? "HTTP/1.1 200 OK\r\n" : $"X-{i}: {new string('x', 1000)}\r\n");
        }

        Assert.That(up.Error, Is.InstanceOf<ProxyException>().With.InnerException.InstanceOf<FrameTooLongException>());
    }

    [Test]
    public void So_are_answers_that_never_come_to_the_point()
    {
        var (wire, up) = Asks(Proxy, Example);
        for (var i = 0; i < 100 && !wire.Peer.IsReset; i++)
        {
            wire.Peer.Sends("HTTP/1.1 102 Processing\r\n\r\n");
        }

        Assert.That(up.Error, Is.InstanceOf<ProxyException>().With.Property("Code").EqualTo(102));
    }

    [Test]
    public void What_would_be_another_request_is_refused_before_anything_is_dialled()
    {
        Assert.That(static () => Proxy.ThrowIfUnaskable(new DnsEndPoint("a\r\nX: y", 1)), Throws.ArgumentException);
        Assert.That(static () => Proxy.ThrowIfUnaskable(new DnsEndPoint("a/b", 1)), Throws.ArgumentException);
        Assert.That(static () => Proxy.ThrowIfUnaskable(new UnixDomainSocketEndPoint("/run/a")), Throws.ArgumentException);
        Assert.That(static () => (Proxy with { User = "a:b" }).ThrowIfUnaskable(Example), Throws.InvalidOperationException);
        Assert.That(static () => (Proxy with { User = "a\nb" }).ThrowIfUnaskable(Example), Throws.InvalidOperationException);
    }

    private static (Wire Wire, Story<System.Reactive.Unit> Up) Asks(ForwardProxy proxy, EndPoint endPoint)
    {
        var wire = new Wire();
        return (wire, wire.Watch(c => c.Upgrade((below, hub) => proxy.LayOver(below, hub, endPoint))));
    }
}
