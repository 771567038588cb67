namespace Diesel.Reactive.Tests;

public class PeerEndedTests
{
    [Test]
    public void PeerEnded_is_cancelled_by_a_fin_that_nobody_reads() => Assert.That(Tokens(static (_, peer) => peer.Ends()), Is.EqualTo("ended"));

    [Test]
    public void PeerEnded_is_cancelled_by_a_fin_that_a_reader_is_told() => Assert.That(
        Tokens(static (c, peer) =>
        {
            c.UntilEol().Subscribe();
            peer.Ends();
        }),
        Is.EqualTo("ended"));

    [Test]
    public void PeerEnded_is_cancelled_though_bytes_lie_unread_before_the_fin() =>
        Assert.That(Tokens(static (_, peer) => peer.Sends("A\r\n").Ends()), Is.EqualTo("ended"));

    [Test]
    public void PeerEnded_is_cancelled_though_the_reader_is_held() => Assert.That(
        Tokens(static (c, peer) =>
        {
            c.UntilEol().SelectAsync(static _ => new TaskCompletionSource<int>().Task, 1, hold: c.Pause).Subscribe();
            peer.Sends("A\r\nB\r\nC\r\n").Ends();
        }),
        Is.EqualTo("ended"));

    [Test]
    public void What_ends_the_connection_cancels_both() => Assert.That(
        (Tokens(static (c, _) => c.Abort()), Tokens(static (c, _) => c.Dispose()), Tokens(static (_, peer) => peer.Resets())),
        Is.EqualTo(("ended closed", "ended closed", "ended closed")));

    [Test]
    public void A_reset_cancels_both_though_bytes_lie_unread() =>
        Assert.That(Tokens(static (_, peer) => peer.Sends("A\r\n").Resets()), Is.EqualTo("ended closed"));

    [Test]
    public void The_end_of_this_side_alone_cancels_neither() => Assert.That(Tokens(static (c, _) => c.OnCompleted()), Is.Empty);

    [Test]
    public void What_lies_before_the_end_can_still_be_read_and_answered()
    {
        var wire = new Wire();
        wire.Peer.Sends("A\r\n").Ends();
        Assert.That(wire.Lines().ToString(), Is.EqualTo("A |"));
        wire.Sends("B\r\n").Do(static c => c.Dispose());
        Assert.That(wire.Peer.Story, Is.EqualTo("B |"));
    }

    [Test]
    public void A_handler_that_neither_reads_nor_sends_does_not_keep_a_connection_whose_peer_has_ended()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(
            7, static _ => Observable.Never<ReadOnlyMemory<byte>>(), new() { MaxConnections = 1, PeerEndedTimeout = TimeSpan.FromSeconds(10) }));
        world.Dials(service).Ends();
        world.Passes(9.8);
        Assert.That(service.ConnectionCount, Is.EqualTo(1));
        world.Passes(1.2);
        Assert.That((service.ConnectionCount, world.Trouble), Is.EqualTo((0, "")));
    }

    [Test]
    public void A_loop_that_waits_with_Closed_at_hand_is_told_when_the_time_of_its_ended_peer_is_over()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, async c => await world.Hub.Sleep(TimeSpan.FromHours(1), c.Closed)));
        world.Dials(service).Ends();
        world.Passes(59);
        Assert.That(service.ConnectionCount, Is.EqualTo(1));
        world.Passes(8);
        Assert.That((service.ConnectionCount, world.Trouble), Is.EqualTo((0, "")));
    }

    [Test]
    public void A_peer_that_has_ended_and_takes_its_time_to_read_the_answer_gets_all_of_it()
    {
        using var world = new World();
        world.Network.Conditions = new() { Bandwidth = 10_000 };
        var service = world.Starts(new TcpService(7, static c => c.UntilEol().SelectMany(static _ => Observable.Return<ReadOnlyMemory<byte>>(new byte[50_000])), new() { PeerEndedTimeout = TimeSpan.FromSeconds(1), CloseTimeout = TimeSpan.FromSeconds(6) }));
        var peer = world.Dials(service).Sends("A\r\n").Ends();
        world.Passes(10);
        Assert.That((peer.Received.Length, peer.HasEnded, world.Trouble), Is.EqualTo((50_000, true, "")));
    }

    // Which tokens are cancelled by what is done with a connection and its peer.
    private static string Tokens(Action<Connection, Peer> act)
    {
        var wire = new Wire();
        var (ended, closed) = (wire.Connection.PeerEnded, wire.Connection.Closed);
        wire.Do(c => act(c, wire.Peer)).Passes(0.01);
        return string.Join(' ', new[] { ended.IsCancellationRequested ? "ended" : null, closed.IsCancellationRequested ? "closed" : null }.OfType<string>());
    }
}
