namespace Diesel.Reactive.Tests;

public class ClosedTests
{
    [Test]
    public void Closed_is_cancelled_by_Dispose() => Assert.That(CancelledBy((c, _) => c.Dispose()), Is.True);

    [Test]
    public void Closed_is_cancelled_by_Abort() => Assert.That(CancelledBy((c, _) => c.Abort()), Is.True);

    [Test]
    public void Closed_is_cancelled_by_OnError() => Assert.That(CancelledBy((c, _) => c.OnError(new TimeoutException())), Is.True);

    [Test]
    public void Closed_is_cancelled_by_the_peers_reset() => Assert.That(CancelledBy((_, peer) => peer.Transport.Abort()), Is.True);

    [Test]
    public void Closed_is_cancelled_when_both_sides_have_ended() => Assert.That(
        CancelledBy((c, peer) =>
        {
            c.OnCompleted();
            peer.Transport.ShutdownSend();
        }),
        Is.True);

    [Test]
    public void Closed_is_cancelled_by_a_slow_consumer() => Assert.That(CancelledBy((c, _) => c.OnNext(new byte[17 << 20])), Is.True);

    [Test]
    public void Closed_is_cancelled_by_a_throwing_observer()
    {
        var wire = new Wire().Do(c => c.UntilEol().Subscribe(_ => throw new FormatException()));
        wire.Peer.Sends("A\r\n");
        Assert.That(wire.Connection.Closed.IsCancellationRequested, Is.True);
    }

    [Test]
    public void A_fin_does_not_cancel_Closed_as_the_peer_may_wait_for_an_answer() =>
        Assert.That(CancelledBy((_, peer) => peer.Transport.ShutdownSend()), Is.False);

    [Test]
    public void A_handler_that_only_sleeps_learns_of_the_peers_end()
    {
        var wire = new Wire();
        var sleeping = wire.Converses(async c => await wire.Hub.Sleep(TimeSpan.FromHours(1), c.PeerEnded));
        wire.Peer.Ends();
        Assert.That(sleeping.IsCanceled, Is.True);
    }

    [Test]
    public void A_handler_that_only_sleeps_learns_of_a_reset()
    {
        var wire = new Wire();
        var sleeping = wire.Converses(async c => await wire.Hub.Sleep(TimeSpan.FromHours(1), c.Closed));
        wire.Peer.Resets();
        Assert.That(sleeping.IsCanceled, Is.True);
    }

    [Test]
    public void Closed_can_be_asked_for_after_the_end()
    {
        var wire = new Wire().Do(c => c.Abort());
        Assert.That(wire.Connection.Closed.IsCancellationRequested, Is.True);
    }

    [Test]
    public void Closed_is_cancelled_on_the_hub()
    {
        var wire = new Wire();
        Hub? on = null;
        wire.Connection.Closed.Register(() => on = Hub.Current);
        wire.Peer.Resets();
        Assert.That(on, Is.SameAs(wire.Hub));
    }

    private static bool CancelledBy(Action<Connection, Peer> end)
    {
        var wire = new Wire();
        var closed = wire.Connection.Closed;
        wire.Do(c => end(c, wire.Peer));
        return closed.IsCancellationRequested;
    }
}
