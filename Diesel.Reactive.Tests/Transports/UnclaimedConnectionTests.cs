using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>As <see cref="UnclaimedTests"/>, of connections that a listener still takes when it is closed.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class UnclaimedConnectionTests(Func<Hub> newHub)
{
    [Test]
    public void Who_is_accepted_while_the_listener_is_closed_is_closed_too()
    {
        using var live = new Live(newHub());
        var (listening, given) = (Tcp.Listen(new IPEndPoint(IPAddress.Loopback, 0), hub: live.Hub), 0);
        var (first, others) = live.Do(() =>
        {
            listening.Take(1).Subscribe(_ => given++);

            // In one turn: the system connects them, the listener takes them in the next.
            return (new RawPeer(listening.EndPoint), Enumerable.Range(0, 5).Select(_ => new RawPeer(listening.EndPoint)).ToList());
        });
        foreach (var peer in others)
        {
            using (peer)
            {
                Assert.That(peer.ReadsToEnd().Text, Is.Empty, "not left waiting for ever");
            }
        }

        Assert.That(given, Is.EqualTo(1));
        Assert.That(first.Sends("A").Socket.Connected);
        first.Dispose();
    }
}
