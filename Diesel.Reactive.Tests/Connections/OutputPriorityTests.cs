namespace Diesel.Reactive.Tests;

/// <summary><c>Send(bytes, priority)</c>: higher first, first come first served within one, never inside an item.</summary>
public class OutputPriorityTests
{
    [Test]
    public void The_higher_is_sent_first_and_within_one_the_first() => Assert.That(
        Sent(static c =>
        {
            c.Send("a".ToBytes(), 1);
            c.Send("b".ToBytes(), 2);
            c.Send("c".ToBytes(), 3);
            c.Send("d".ToBytes(), 2);
            c.Send("e".ToBytes(), -1);
            c.Send("f".ToBytes());
            c.Send("g".ToBytes(), int.MinValue);
            c.Send("h".ToBytes(), int.MaxValue);
        }),
        Is.EqualTo("hcbdafeg"));

    [Test]
    public void Whatever_is_sent_or_written_otherwise_has_zero() => Assert.That(
        Sent(static c =>
        {
            c.Send("a".ToBytes(), -1);
            Write(c, "b");
            c.OnNext("c".ToBytes());
            c.Send("d".ToBytes(), 0);
            c.Send("e".ToBytes());
            Write(c, "f");
            c.Send("g".ToBytes(), 1);
        }),
        Is.EqualTo("gbcdefa"));

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(100)]
    public void What_has_begun_is_sent_to_its_end(int inBackground)
    {
        var wire = Narrow(4, inBackground);
        wire.Peer.StopsReading();
        wire.Do(static c => c.OnNext("12345678".ToBytes())).Do(static c =>
        {
            c.Send("b".ToBytes());
            c.Send("a".ToBytes(), 1);
        });
        wire.Peer.ReadsOn();
        wire.Passes(1);
        Assert.That(wire.Peer.Received, Is.EqualTo("12345678ab"));
    }

    [Test]
    public void What_was_offered_and_not_begun_is_overtaken_when_the_transport_has_answered()
    {
        var wire = Narrow(4, inBackground: 0);
        wire.Peer.StopsReading();
        wire.Do(static c =>
        {
            c.OnNext("12345678".ToBytes());
            c.OnNext("b".ToBytes());
        });
        wire.Do(static c =>
        {
            c.OnNext("d".ToBytes());
            c.Send("a".ToBytes(), 1);
        });
        wire.Peer.ReadsOn();
        wire.Passes(1);
        Assert.That(wire.Peer.Received, Is.EqualTo("12345678abd"));
    }

    [Test]
    public void Each_receipt_comes_when_its_own_bytes_are_out()
    {
        var wire = Narrow(2, inBackground: 0);
        wire.Peer.StopsReading();
        var told = new List<string>();
        wire.Do(c =>
        {
            c.Send("aa".ToBytes(), -1).Subscribe(_ => told.Add("low"));
            c.Send("bb".ToBytes()).Subscribe(_ => told.Add("middle"));
            c.Send("cc".ToBytes(), 1).Subscribe(_ => told.Add("high"));
        });
        Assert.That(told, Is.EqualTo(new[] { "high" }));
        wire.Peer.ReadsOn();
        wire.Passes(1);
        Assert.That(told, Is.EqualTo(new[] { "high", "middle", "low" }));
    }

    [Test]
    public void It_is_sent_from_any_thread()
    {
        var wire = new Wire();
        wire.Connection.Send("b".ToBytes(), 1);
        wire.Connection.Send("a".ToBytes(), 2);
        wire.World.Settle();
        Assert.That(wire.Peer.Received, Is.EqualTo("ab"));
    }

    [Test]
    public void It_is_refused_after_the_end()
    {
        var wire = new Wire().Do(static c => c.OnCompleted());
        Assert.That(wire.Watch(static c => c.Send("a".ToBytes(), 7)).Error, Is.InstanceOf<InvalidOperationException>());
    }

    [Test]
    public void Many_items_of_many_priorities_come_whole_and_in_order()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var wire = Narrow(random.Next(1, 20), random.Next(2) * random.Next(1, 40));
            wire.Peer.StopsReading();
            wire.Do(static c => c.OnNext("(first)(and more than any window takes)".ToBytes()));
            var items = Enumerable.Range(0, random.Next(1, 60)).Select(i => (Text: $"({i}{new string('x', random.Next(30))})", Priority: random.Next(-2, 3))).ToArray();
            var turns = random.Next(1, 4);
            foreach (var turn in items.Chunk((items.Length / turns) + 1))
            {
                wire.Do(c => Array.ForEach(turn, item => c.Send(item.Text.ToBytes(), item.Priority)));
            }

            wire.Peer.ReadsOn();
            wire.Passes(10);
            var expected = string.Concat(items.OrderByDescending(static item => item.Priority).Select(static item => item.Text));
            Assert.That(wire.Peer.Received, Is.EqualTo("(first)(and more than any window takes)" + expected), $"seed {seed}");
        }
    }

    [Test]
    public void What_is_sent_while_it_goes_out_is_never_inside_an_item()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var wire = Narrow(random.Next(1, 12), random.Next(2) * random.Next(1, 40));
            var sent = new List<string>();
            for (var turn = 0; turn < 20; turn++)
            {
                wire.Do(c =>
                {
                    for (var i = random.Next(4); i > 0; i--)
                    {
                        sent.Add($"({sent.Count}{new string('x', random.Next(20))})");
                        c.Send(sent[^1].ToBytes(), random.Next(-1, 2));
                    }
                });
            }

            wire.Passes(10);
            var received = wire.Peer.Received.Split(')', StringSplitOptions.RemoveEmptyEntries).Select(static item => $"{item})");
            Assert.That(received, Is.EquivalentTo(sent), $"seed {seed}");
        }
    }

    private static string Sent(Action<Connection> action) => new Wire().Do(action).Peer.Received;

    private static void Write(Connection connection, string text)
    {
        text.ToBytes().Span.CopyTo(connection.Output.GetSpan(text.Length));
        connection.Output.Advance(text.Length);
    }

    private static Wire Narrow(int window, int inBackground)
    {
        var world = new World();
        world.Network.Conditions = new() { Window = window, SentInBackground = inBackground };
        return world.Wire();
    }
}
