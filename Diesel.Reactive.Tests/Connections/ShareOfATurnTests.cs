using System.Reactive.Concurrency;

namespace Diesel.Reactive.Tests;

public class ShareOfATurnTests
{
    private const int Share = 256;

    [Test]
    public void Many_frames_leave_turns_to_others_and_all_come_in_order()
    {
        var wire = new Wire();
        var order = new List<string>();
        wire.Do(c => c.UntilEol().Subscribe(line => SayLater(wire, order, line.ToText().TrimEnd())));
        wire.Peer.Sends(Lines(3 * Share));
        var lines = order.Where(word => word != "others").ToArray();
        Assert.That(lines, Is.EqualTo(Enumerable.Range(0, 3 * Share).Select(static i => $"{i}")));
        Assert.That(order.IndexOf("others"), Is.EqualTo(Share), "who asked in a turn waits for one share, not for all");
    }

    [Test]
    public void What_a_share_makes_is_sent_before_the_next_begins()
    {
        var wire = new Wire();
        var seen = new List<(int Frames, long Sent)>();
        var frames = 0;
        wire.Do(c => c.UntilEol().Subscribe(line =>
        {
            frames++;
            seen.Add((frames, wire.Connection.PendingBytes));
            c.OnNext(line);
        }));
        wire.Peer.Sends(Lines(2 * Share));
        Assert.That(seen.Where(static s => s.Sent == 0).Select(static s => s.Frames), Is.EqualTo(new[] { 1, Share + 1 }));
    }

    [Test]
    public void A_reader_that_leaves_between_two_shares_leaves_the_rest_to_the_next()
    {
        var wire = new Wire();
        var first = 0;
        IDisposable? reader = null;
        wire.Do(c => reader = c.UntilEol().Subscribe(_ =>
        {
            if (++first == Share)
            {
                wire.World.Hub.Schedule(() => reader!.Dispose());
            }
        }));
        wire.Peer.Sends(Lines(Share + 2));
        Assert.That((first, wire.Lines().ToString()), Is.EqualTo((Share, $"{Share} {Share + 1}")));
    }

    [Test]
    public void A_hold_between_two_shares_holds_the_rest()
    {
        var wire = new Wire();
        var frames = 0;
        IDisposable? hold = null;
        wire.Do(c => c.UntilEol().Subscribe(_ =>
        {
            if (++frames == Share)
            {
                wire.World.Hub.Schedule(() => hold = c.Pause());
            }
        }));
        wire.Peer.Sends(Lines(Share + 3));
        Assert.That(frames, Is.EqualTo(Share));
        wire.Do(_ => hold!.Dispose());
        Assert.That(frames, Is.EqualTo(Share + 3));
    }

    [Test]
    public void Frames_of_all_shares_come_before_the_end()
    {
        var wire = new Wire();
        var lines = wire.Watch(c => c.UntilEol().Count());
        wire.Peer.Sends(Lines(5 * Share + 1)).Ends();
        Assert.That(lines.ToString(), Is.EqualTo($"{5 * Share + 1} |"));
    }

    [Test]
    public void Frames_of_all_shares_come_before_a_reset()
    {
        var wire = new Wire();
        var frames = 0;
        Exception? error = null;
        wire.Do(c => c.UntilEol().Subscribe(_ => frames++, thrown => error = thrown));
        wire.Peer.Sends(Lines(5 * Share)).Resets();
        Assert.That((frames, error), Is.EqualTo((5 * Share, error)));
        Assert.That(error, Is.TypeOf<ConnectionException>());
    }

    private static void SayLater(Wire wire, List<string> order, string line)
    {
        if (order.Count == 0)
        {
            wire.World.Hub.Schedule(() => order.Add("others"));
        }

        order.Add(line);
    }

    private static string Lines(int count) => string.Concat(Enumerable.Range(0, count).Select(static i => $"{i}\r\n"));
}
