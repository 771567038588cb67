using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

public class OutOfDescriptorsTests
{
    private const int Peers = 250;

    [Test]
    public void A_listener_out_of_descriptors_says_so_backs_off_and_serves_all_when_some_are_free_again()
    {
        using var child = new Child("echo", "ulimit -n 200");
        var at = new IPEndPoint(IPAddress.Loopback, int.Parse(child.Line()!));
        var peers = Enumerable.Range(0, Peers).Select(n => new RawPeer(at).Sends($"{n}\r\n")).ToList();
        Assert.That(child.Line(), Is.EqualTo(
            $"listener 0.0.0.0:{at.Port}: ConnectionException: Cannot accept at 0.0.0.0:{at.Port}: too many open files in this process. " +
            "Those who connect wait, and are refused when that lasts; raise the limit (ulimit -n), or set MaxConnections."));
        Assert.That(peers.Select(Served), Is.EqualTo(Enumerable.Range(0, Peers).Select(static n => $"{n}\r\n")));
    }

    [TestCase("portable")]
    [TestCase("epoll")]
    public void What_cannot_be_opened_says_so(string loop)
    {
        using var child = new Child($"sockets {loop}", "ulimit -n 200");
        const string Because = "too many open files in this process. Close some, or raise the limit (ulimit -n).";
        Assert.That(new[] { child.Line(), child.Line(), child.Line(), child.Line() }, Is.EqualTo(new[]
        {
            $"ConnectionException: Cannot connect to 127.0.0.1:9: {Because}",
            $"ConnectionException: Cannot connect to 127.0.0.1:9: {Because}",
            $"ConnectionException: Cannot listen at 127.0.0.1:0: {Because}",
            $"ConnectionException: Cannot bind to 127.0.0.1:0: {Because}",
        }));
    }

    [TestCase("portable")]
    [TestCase("epoll")]
    public void Who_connects_when_there_are_no_descriptors_for_long_is_refused(string loop)
    {
        using var child = new Child($"full {loop}", "ulimit -n 200");
        var at = new IPEndPoint(IPAddress.Loopback, int.Parse(child.Line()!));
        Assert.That(child.Line(), Is.EqualTo("full"));
        using var peer = new RawPeer(at);
        Assert.That(child.Line(), Is.EqualTo("4 descriptors"), "The listener gives back what it has held.");
        Assert.That(child.Line(), Is.EqualTo("a thread"), "The runtime ends a process that has no descriptors for a thread.");
        Assert.That(peer.ReadsToEnd(), Is.AnyOf(("", (SocketError?)SocketError.ConnectionReset), ("", (SocketError?)null)));
    }

    private static string Served(RawPeer peer, int number)
    {
        using (peer)
        {
            return peer.Reads($"{number}\r\n".Length);
        }
    }
}
