using System.Reactive.Concurrency;

namespace Diesel.Reactive.Tests;

public class OutputTests
{
    [Test]
    public void OnNext_sends_in_order()
    {
        var wire = new Wire().Do(c => Observable.Range(1, 5).Select(n => $"{n} ".ToBytes()).Subscribe(c.OnNext));
        Assert.That(wire.Peer.Received, Is.EqualTo("1 2 3 4 5 "));
    }

    [Test]
    public void OnCompleted_ends_the_output_and_the_input_goes_on()
    {
        var wire = new Wire().Sends("A").Do(c => c.OnCompleted());
        var lines = wire.Lines();
        wire.Peer.Sends("B\r\n").Sends("C\r\n").Ends();
        Assert.That((wire.Peer.Story, lines.ToString()), Is.EqualTo(("A|", "B C |")));
    }

    [Test]
    public void OnError_resets_and_shows_in_Errors()
    {
        var wire = new Wire().Do(c => c.OnError(new TimeoutException("too slow")));
        Assert.That((wire.Peer.Story, wire.World.Trouble), Is.EqualTo(("#", "TimeoutException")));
    }

    [Test]
    public void Output_of_a_turn_is_handed_over_once()
    {
        var wire = new Wire().Do(c =>
        {
            c.OnNext("A".ToBytes());
            c.OnNext("B".ToBytes());
            c.OnNext("C".ToBytes());
        });
        Assert.That(wire.Sent, Is.EqualTo(new[] { "ABC" }));
    }

    [Test]
    public void Each_connection_is_flushed_once_per_turn()
    {
        using var world = new World();
        var (one, two) = (world.Wire(), world.Wire());
        world.Do(() => Observable.Range(0, 10).Subscribe(n => (n % 2 == 0 ? one : two).Connection.OnNext($"{n}".ToBytes())));
        Assert.That(one.Sent.Concat(two.Sent), Is.EqualTo(new[] { "02468", "13579" }));
    }

    [Test]
    public void Replies_to_all_frames_of_a_chunk_are_handed_over_once()
    {
        var wire = new Wire().Do(c => c.UntilEol().Subscribe(c));
        wire.Peer.Sends("A\r\nB\r\nC\r\n");
        Assert.That(wire.Sent, Is.EqualTo(new[] { "A\r\nB\r\nC\r\n", "A\r\nB\r\nC\r\n" }), "the peer's, and ours");
    }

    [Test]
    public void Calls_of_other_threads_keep_their_order()
    {
        var wire = new Wire();
        var numbers = Enumerable.Range(0, 100).ToArray();
        var thread = new Thread(() => Array.ForEach(numbers, n => wire.Connection.OnNext($"{n} ".ToBytes())));
        thread.Start();
        thread.Join();
        wire.World.Settle();
        Assert.That(wire.Peer.Received, Is.EqualTo(string.Concat(numbers.Select(n => $"{n} "))));
    }

    [Test]
    public void Send_is_queued_by_the_call_observed_or_not()
    {
        var wire = new Wire().Do(c => c.Send("A".ToBytes()));
        wire.Connection.Send("B".ToBytes());
        wire.World.Settle();
        Assert.That(wire.Peer.Received, Is.EqualTo("AB"));
    }

    [TestCase(0)]
    [TestCase(10)]
    public void Send_completes_when_its_last_byte_was_handed_over(int inBackground)
    {
        var wire = Narrow(window: 8, inBackground);
        wire.Peer.StopsReading();
        var (first, second) = (wire.Watch(c => c.Send("12345678".ToBytes())), wire.Watch(c => c.Send("9".ToBytes())));
        Assert.That((first.ToString(), second.ToString()), Is.EqualTo(("() |", "")));
        wire.Peer.ReadsOn();
        Assert.That((wire.Peer.Received, second.ToString()), Is.EqualTo(("123456789", "() |")));
    }

    [Test]
    public void Sending_nothing_completes() => Assert.That(new Wire().Watch(c => c.Send(default)).ToString(), Is.EqualTo("() |"));

    [Test]
    public void Send_is_awaited()
    {
        var wire = new Wire();
        var sent = wire.Converses(async c => await c.Send("A".ToBytes()));
        Assert.That((wire.Peer.Received, sent.IsCompletedSuccessfully), Is.EqualTo(("A", true)));
    }

    [TestCase(0)]
    [TestCase(3)]
    [TestCase(100)]
    public void Bytes_survive_any_window(int inBackground)
    {
        var wire = Narrow(window: 7, inBackground);
        var text = string.Concat(Enumerable.Range(0, 300));
        wire.Do(c => Observable.Range(0, 300).Subscribe(n => c.OnNext($"{n}".ToBytes())));
        wire.Do(c => c.OnCompleted());
        Assert.That(wire.Peer.Story, Is.EqualTo(text + "|"));
    }

    [Test]
    public void Large_and_small_writes_keep_their_order()
    {
        var wire = new Wire();
        string[] parts = [.. Enumerable.Range(0, 40).Select(n => new string((char)('a' + (n % 26)), n % 3 == 0 ? 20_000 : n))];
        wire.Do(c => Array.ForEach(parts, part => c.OnNext(part.ToBytes())));
        wire.Passes(0.1);
        Assert.That(wire.Peer.Received, Is.EqualTo(string.Concat(parts)));
    }

    [Test]
    public void PendingBytes_counts_what_the_network_has_not_taken()
    {
        var wire = Narrow(window: 4, inBackground: 0);
        wire.Peer.StopsReading();
        Assert.That(wire.Sends("123456789").Connection.PendingBytes, Is.EqualTo(5));
        wire.Peer.ReadsOn();
        Assert.That(wire.Connection.PendingBytes, Is.Zero);
    }

    [Test]
    public void Sending_after_OnCompleted_is_refused()
    {
        var wire = new Wire().Do(c => c.OnCompleted());
        Assert.That(wire.Watch(c => c.Send("A".ToBytes())).Error, Is.InstanceOf<InvalidOperationException>().With.Message.EqualTo(
            "Cannot send on connection 10.0.0.1:40000 to 10.0.0.1:7: OnCompleted has ended its output. Send first, complete last."));
    }

    [Test]
    public void Sending_after_Dispose_is_refused()
    {
        var wire = new Wire().Do(c => c.Dispose());
        Assert.That(wire.Watch(c => c.Send("A".ToBytes())).Error, Is.InstanceOf<ObjectDisposedException>().With.Message.StartsWith(
            "Cannot send on connection 10.0.0.1:40000 to 10.0.0.1:7: it was disposed."));
    }

    [Test]
    public void Sending_after_the_end_of_the_connection_is_refused()
    {
        var wire = new Wire();
        wire.Peer.Resets();
        Assert.That(wire.Watch(c => c.Send("A".ToBytes())).Error, Is.InstanceOf<ConnectionException>().With.Message.EqualTo(
            "Cannot send on connection 10.0.0.1:40000 to 10.0.0.1:7: it is over. Watch Closed, or handle the reader's end."));
    }

    [Test]
    public void A_send_under_way_fails_with_the_connection()
    {
        var wire = Narrow(window: 4, inBackground: 0);
        wire.Peer.StopsReading();
        var sending = wire.Watch(c => c.Send("123456789".ToBytes()));
        wire.Peer.Resets();
        Assert.That(sending.Error, Is.InstanceOf<ConnectionException>().With.Message.EqualTo(
            "The connection 10.0.0.1:40000 to 10.0.0.1:7 was reset by the peer."));
    }

    [Test]
    public void OnNext_after_OnCompleted_shows_in_Errors()
    {
        var wire = new Wire().Do(c => c.OnCompleted()).Sends("A");
        Assert.That((wire.World.Trouble, wire.Peer.Story), Is.EqualTo(("InvalidOperationException", "|")));
    }

    [Test]
    public void OnNext_after_the_peers_end_is_no_mistake_of_the_senders()
    {
        var wire = new Wire();
        wire.Peer.Resets();
        Assert.That(wire.Sends("A").World.Errors, Is.Empty);
    }

    [Test]
    public void What_a_peer_takes_at_once_goes_out_over_several_turns()
    {
        var world = new World();
        world.Network.Conditions = new() { Window = 16 * 1024 * 1024 };
        var wire = world.Wire();
        var pending = new List<long>();
        wire.Do(c =>
        {
            c.OnNext(new byte[(5 * 1024 * 1024) / 2]);
            Look(c);
        });
        Assert.That(pending, Is.EqualTo(new[] { 2560, 1536, 512 }));

        void Look(Connection connection)
        {
            pending.Add(connection.PendingBytes / 1024);
            if (pending[^1] > 512)
            {
                wire.Hub.Schedule(() => Look(connection));
            }
        }
    }

    private static Wire Narrow(int window, int inBackground)
    {
        var world = new World();
        world.Network.Conditions = new() { Window = window, SentInBackground = inBackground };
        return world.Wire();
    }

    // What is on its way from other threads decides whether a pipe may send past it.
    [Test]
    public void What_came_from_another_thread_is_not_on_its_way_any_more_though_whoever_waited_for_it_threw()
    {
        var wire = new Wire();
        wire.Do(c => c.OnCompleted());
        var isSentTo = true;
        var sent = wire.Connection.Send("late"u8.ToArray());
        Assert.That(wire.Connection.IsSentTo, Is.True);
        sent.Subscribe(_ => { }, _ => throw new InvalidOperationException("mine"));
        wire.Do(c => isSentTo = c.IsSentTo);
        Assert.That(isSentTo, Is.False);
    }
}
