using System.Net;

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
            $"listener 0.0.0.0:{at.Port}: ConnectionException: Cannot accept at 0.0.0.0:{at.Port}: too many open files. " +
            "Those who connect wait; raise the limit (ulimit -n), or set MaxConnections."));
        Assert.That(peers.Select(Served), Is.EqualTo(Enumerable.Range(0, Peers).Select(static n => $"{n}\r\n")));
    }

    private static string Served(RawPeer peer, int number)
    {
        using (peer)
        {
            return peer.Reads($"{number}\r\n".Length);
        }
    }
}
