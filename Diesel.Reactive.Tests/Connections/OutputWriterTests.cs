using System.Text;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary><see cref="Connection.Output"/>.</summary>
public class OutputWriterTests
{
    private const int KiB = 1024;

    [Test]
    public void What_is_written_in_a_turn_is_handed_over_once_at_its_end()
    {
        var wire = new Wire().Do(c =>
        {
            Write(c, "A");
            Write(c, "B");
            Write(c, "C");
            Assert.That(c.PendingBytes, Is.EqualTo(3));
        });
        Assert.That(wire.Sent, Is.EqualTo(new[] { "ABC" }));
        Assert.That(wire.Connection.PendingBytes, Is.Zero);
    }

    [Test]
    public void It_keeps_its_place_among_what_is_sent()
    {
        var wire = new Wire().Do(c =>
        {
            Write(c, "1");
            c.OnNext("2".ToBytes());
            Write(c, "3");
            Write(c, "4");
            c.Send("5".ToBytes());
            c.OnNext("6".ToBytes());
            Write(c, "7");
        });
        Assert.That(wire.Sent, Is.EqualTo(new[] { "1234567" }));
    }

    [Test]
    public void It_goes_out_before_the_end_that_follows()
    {
        var wire = new Wire().Do(c =>
        {
            Write(c, "A");
            c.OnCompleted();
        });
        Assert.That(wire.Peer.Story, Is.EqualTo("A|"));
        wire = new Wire().Do(c =>
        {
            Write(c, "B");
            c.Dispose();
        });
        Assert.That(wire.Peer.Story, Is.EqualTo("B|"));
    }

    [TestCase(1)]
    [TestCase(100)]
    [TestCase(5000)]
    [TestCase(70_000)]
    [TestCase(300_000)]
    public void It_takes_any_number_of_bytes_at_a_time(int length)
    {
        var wire = Narrow(7000);
        var expected = new StringBuilder();
        for (var turn = 0; turn < 3; turn++)
        {
            wire.Do(c =>
            {
                for (var i = 0; i < 10; i++)
                {
                    var text = new string((char)('a' + i), length);
                    expected.Append(text);
                    Write(c, text);
                }
            });
            wire.Passes(10);
        }

        Assert.That(wire.Peer.Received, Is.EqualTo(expected.ToString()));
    }

    [Test]
    public void Spans_have_room_for_what_is_asked_and_some_where_nothing_is() => new Wire().Do(static c =>
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.That(c.Output.GetSpan().Length, Is.Positive);
            c.Output.Advance(c.Output.GetSpan().Length);
            Assert.That(c.Output.GetMemory(i * 1000).Length, Is.AtLeast(i * 1000));
        }
    });

    [Test]
    public void Many_cuts_and_windows_lose_nothing()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var wire = Narrow(random.Next(1, 9000), random.Next(3) * random.Next(1, 5000));
            var expected = new StringBuilder();
            for (var turn = 0; turn < 6; turn++)
            {
                wire.Do(c =>
                {
                    for (var i = random.Next(8); i > 0; i--)
                    {
                        var text = new string((char)random.Next('a', 'z'), random.Next(4) == 0 ? random.Next(20_000) : random.Next(50));
                        expected.Append(text);
                        (random.Next(2) == 0 ? (Action<Connection, string>)Write : static (c, text) => c.OnNext(text.ToBytes()))(c, text);
                    }
                });
            }

            wire.Passes(300);
            Assert.That(wire.Peer.Received, Is.EqualTo(expected.ToString()), $"seed {seed}");
        }
    }

    [Test]
    public void Elsewhere_than_on_the_hub_it_says_what_to_do()
    {
        var output = new Wire().Connection.Output;
        foreach (var use in (Action[])[() => output.GetSpan(), () => output.GetMemory(), () => output.Advance(0)])
        {
            Assert.That(() => use(), Throws.InvalidOperationException.With.Message.EqualTo(
                "The output of connection 10.0.0.1:40000 to 10.0.0.1:7 is written on its hub's thread. Write in a handler, a loop or hub.Post, " +
                "or use OnNext or Send, which any thread may."));
        }
    }

    [Test]
    public void Advancing_past_what_was_given_out_is_refused() => new Wire().Do(static c =>
    {
        Assert.That(() => c.Output.Advance(1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("No memory is given out"));
        var given = c.Output.GetSpan(10).Length;
        Assert.That(() => c.Output.Advance(given + 1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains($"Only {given} bytes were given out"));
        Assert.That(() => c.Output.Advance(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => c.Output.GetSpan(-1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("sizeHint"));
        c.Output.Advance(given);
        c.Output.Advance(0);
        Assert.That(() => c.Output.Advance(1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    });

    [Test]
    public void A_span_is_good_for_its_turn_only()
    {
        var wire = new Wire().Do(static c => c.Output.GetSpan(10));
        wire.Do(static c => Assert.That(() => c.Output.Advance(1), Throws.InstanceOf<ArgumentOutOfRangeException>()));
        Assert.That(wire.World.Errors, Is.Empty);
    }

    [Test]
    public void Memory_is_good_until_it_is_advanced_over()
    {
        var (wire, memory) = (new Wire(), Memory<byte>.Empty);
        wire.Do(c =>
        {
            Write(c, "A");
            memory = c.Output.GetMemory(1);
        });
        wire.Do(c => c.OnNext("B".ToBytes()));
        Encode("C", memory.Span);
        wire.Do(c => c.Output.Advance(1));
        wire.Do(c => Write(c, "D"));
        Assert.That((wire.Peer.Received, wire.World.Errors.Count), Is.EqualTo(("ABCD", 0)));
    }

    [Test]
    public void Memory_that_somebody_still_writes_into_is_nobody_elses()
    {
        using var world = new World();
        var (one, two) = (world.Wire(), world.Wire());
        var memory = Memory<byte>.Empty;
        one.Do(c => memory = c.Output.GetMemory(1));
        one.Do(static c => c.Abort());
        two.Do(c =>
        {
            var span = c.Output.GetSpan(100);
            Encode("B", span);
            Encode("C", memory.Span);
            c.Output.Advance(1);
        });
        one.Do(static c => c.Output.Advance(1));
        Assert.That((two.Peer.Received, world.Errors.Count), Is.EqualTo(("B", 0)));
    }

    [Test]
    public void A_block_is_used_again_and_an_idle_connection_has_none()
    {
        var wire = new Wire();
        var pool = OutputPool.Of(wire.Hub);
        var block = pool.Rent(1);
        pool.Return(block);
        for (var i = 0; i < 3; i++)
        {
            wire.Do(static c => Write(c, "A")).Do(static c => c.Output.GetSpan()).Do(static c => c.Output.GetMemory());
            wire.Do(static c => Write(c, "B"));
        }

        Assert.That((pool.Rent(1) == block, wire.Peer.Received), Is.EqualTo((true, "ABABAB")));
    }

    [Test]
    public void A_block_is_not_used_again_before_its_last_byte_is_out()
    {
        var wire = Narrow(window: 10);
        wire.Peer.StopsReading();
        wire.Do(static c => Write(c, "1234567890abcdef"));
        wire.Do(static c => Write(c, "ghi"));
        wire.Do(static c => Write(c, "jkl"));
        wire.Peer.ReadsOn();
        wire.Passes(1);
        Assert.That(wire.Peer.Received, Is.EqualTo("1234567890abcdefghijkl"));
    }

    [Test]
    public void Marks_and_bound_count_it()
    {
        var wire = new Wire(new() { MaxPendingBytes = 100 * KiB });
        wire.Peer.StopsReading();
        wire.World.Network.Conditions = new() { Window = 1 };
        var writable = wire.Watch(static c => c.Writable);
        wire.Do(static c => Write(c, new string('x', 65 * KiB)));
        Assert.That((writable.ToString(), wire.Connection.PendingBytes), Is.EqualTo(("True False", (65 * KiB) - 1)));
        wire.Do(static c => Write(c, new string('x', 40 * KiB)));
        Assert.That((wire.Peer.IsReset, wire.World.Trouble), Is.EqualTo((true, nameof(SlowConsumerException))));
    }

    [Test]
    public void Written_in_answer_it_holds_the_input()
    {
        var wire = new Wire();
        wire.World.Network.Conditions = new() { Window = KiB, Cut = Cut.Of(static there => Math.Min(there, 16)) };
        var lines = 0;
        wire.Do(c => c.UntilEol().Subscribe(line =>
        {
            lines++;
            Write(c, new string('x', 10 * KiB));
        }));
        wire.Peer.StopsReading().Sends(string.Concat(Enumerable.Repeat("1234567890ABCD\r\n", 50)));
        wire.Passes(1);
        Assert.That(lines, Is.EqualTo(7));
        wire.Peer.ReadsOn();
        wire.Passes(10);
        Assert.That((lines, wire.Peer.Received.Length), Is.EqualTo((50, 500 * KiB)));
    }

    [Test]
    public void Written_by_nobody_in_particular_it_does_not()
    {
        var wire = new Wire();
        wire.World.Network.Conditions = new() { Window = KiB };
        wire.Peer.StopsReading();
        wire.Do(static c => Write(c, new string('x', 500 * KiB)));
        var lines = wire.Lines();
        wire.Peer.Sends("A\r\n");
        Assert.That(lines.ToString(), Is.EqualTo("A"));
    }

    [Test]
    public void After_OnCompleted_it_is_refused_as_OnNext_is()
    {
        var wire = new Wire().Do(static c => c.OnCompleted()).Do(static c => Write(c, "A"));
        Assert.That((wire.World.Trouble, wire.Peer.Story), Is.EqualTo((nameof(InvalidOperationException), "|")));
    }

    [Test]
    public void After_Dispose_it_is_refused_as_OnNext_is()
    {
        var wire = new Wire().Do(static c => c.Dispose()).Do(static c => Write(c, "A"));
        Assert.That((wire.World.Trouble, wire.Peer.Story), Is.EqualTo((nameof(ObjectDisposedException), "|")));
    }

    [Test]
    public void After_the_peers_reset_it_is_no_mistake_of_the_writers()
    {
        var wire = new Wire();
        wire.Peer.Resets();
        Assert.That(wire.Do(static c => Write(c, "A")).World.Errors, Is.Empty);
    }

    [Test]
    public void A_connection_that_is_aborted_in_the_turn_sends_nothing()
    {
        var wire = new Wire().Do(static c =>
        {
            Write(c, "A");
            c.Abort();
            Write(c, "B");
        });
        Assert.That((wire.Peer.Story, wire.World.Errors.Count, wire.Connection.PendingBytes), Is.EqualTo(("#", 0, 0)));
    }

    [Test]
    public void Memory_that_was_given_out_when_its_connection_ended_is_nobody_elses()
    {
        using var world = new World();
        var (one, other) = (world.Wire(), world.Wire());
        world.Do(() =>
        {
            var span = one.Connection.Output.GetSpan(1);
            one.Connection.Abort();
            Write(other.Connection, "A");
            span[0] = (byte)'X';
            one.Connection.Output.Advance(1);
        });
        Assert.That((other.Peer.Story, world.Trouble), Is.EqualTo(("A", "")));
    }

    [Test]
    public void A_written_message_allocates_nothing()
    {
        using var world = new World();
        var (sink, allocated) = (new Sink(), long.MaxValue);
        var connection = world.Do(() => Tcp.Over(sink, null, world.Hub));

        // Several times: what the hub itself keeps for so many flushes has grown by then.
        for (var i = 0; i < 4; i++)
        {
            world.Do(() =>
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var turn = 0; turn < 1000; turn++)
                {
                    Turn(connection);
                }

                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            });
        }

        Assert.That((allocated, sink.Calls, sink.Taken), Is.EqualTo((0, 4000, 4000 * 100 * 64)));
    }

    // As the hub does at the end of a turn.
    private static void Turn(Connection connection)
    {
        for (var i = 0; i < 100; i++)
        {
            var span = connection.Output.GetSpan(64);
            span[..64].Fill((byte)'x');
            connection.Output.Advance(64);
        }

        ((IFlushable)connection.Life.Output).Flush();
    }

    private static void Write(Connection connection, string text)
    {
        Encode(text, connection.Output.GetSpan(text.Length));
        connection.Output.Advance(text.Length);
    }

    private static void Encode(string text, Span<byte> to) => Encoding.Latin1.GetBytes(text, to);

    private static Wire Narrow(int window, int inBackground = 0)
    {
        var world = new World();
        world.Network.Conditions = new() { Window = window, SentInBackground = inBackground };
        return world.Wire();
    }
}
