namespace Diesel.Reactive.Tests;

public class ReadingTests
{
    private const int Many = 1_000_000;

    private static readonly Framing<ReadOnlyMemory<byte>> Line = Framing.UntilEol();

    private static readonly Framing<int> Grammar =
        from head in Framing.Bytes(1)
        from end in Framing.Literal("\r\n")
        select head.Length;

    [Test]
    public void A_reading_gives_one_frame_and_completes()
    {
        var wire = new Wire();
        var reading = wire.Watch(c => c.Read(Line));
        wire.Peer.Sends("A\r\nB\r\n");
        Assert.That(reading.ToString(), Is.EqualTo("A |"));
    }

    [Test]
    public void A_reading_is_cold_each_subscription_reads_one_frame()
    {
        var wire = new Wire();
        var reading = wire.Connection.Read(Line);
        wire.Peer.Sends("A\r\nB\r\n");
        Assert.That((wire.World.Watch(reading).ToString(), wire.World.Watch(reading).ToString()), Is.EqualTo(("A |", "B |")));
    }

    [Test]
    public void Repeat_reads_frame_after_frame_until_its_end()
    {
        var wire = new Wire();
        var lines = wire.Watch(c => c.Read(Line).Repeat().TakeWhile(line => line.Length > 2));
        wire.Peer.Sends("A\r\nB\r\n").Sends("C\r\n\r\nD\r\n");
        Assert.That(lines.ToString(), Is.EqualTo("A B C |"));
        Assert.That(wire.Lines().ToString(), Is.EqualTo("D"));
    }

    [Test]
    public void What_a_reading_delivers_may_read_on_at_once()
    {
        var wire = new Wire();
        var read = new List<string>();
        wire.Do(c => ReadOn(c, read));
        wire.Peer.Sends("A\r\nB\r\n").Sends("C\r\n");
        Assert.That(read, Is.EqualTo(new[] { "A", "B", "C" }));
    }

    [Test]
    public void A_reading_left_on_another_thread_takes_no_frame()
    {
        var wire = new Wire();
        wire.Peer.Sends("A\r\nB\r\n");
        wire.Watch(c => c.Read(Line));
        wire.Connection.Read(Line).Subscribe().Dispose();
        wire.Passes(1);
        Assert.That(wire.Lines().ToString(), Is.EqualTo("B"));
    }

    [Test]
    public void A_stream_left_on_another_thread_takes_no_frame_that_comes_before_the_hub_knows()
    {
        var wire = new Wire();
        var lines = wire.Lines();
        wire.Peer.Transport.Send("A\r\n".ToBytes().Span);
        lines.Subscription!.Dispose();
        wire.Passes(1);
        Assert.That((lines.ToString(), wire.Lines().ToString()), Is.EqualTo(("", "A")));
    }

    [Test]
    public void A_line_is_awaited()
    {
        var wire = new Wire();
        wire.Converses(async c => c.OnNext((await c.Read(Line)).ToUpper()));
        wire.Peer.Sends("a\r\n");
        Assert.That(wire.Peer.Received, Is.EqualTo("A\r\n"));
    }

    [Test]
    public void A_million_buffered_frames_are_awaited_without_growing_the_stack()
    {
        var (wire, count) = (Buffered(), 0);
        wire.Converses(async c =>
        {
            for (; count < Many; count++)
            {
                await c.Read(Line);
            }
        });
        Assert.That(count, Is.EqualTo(Many));
    }

    [Test]
    public void A_million_buffered_frames_of_a_grammar_are_awaited_without_growing_the_stack()
    {
        var (wire, count) = (Buffered(), 0);
        wire.Converses(async c =>
        {
            while (count < Many)
            {
                count += await c.Read(Grammar);
            }
        });
        Assert.That(count, Is.EqualTo(Many));
    }

    [Test]
    public void A_million_buffered_frames_are_read_with_Repeat_without_growing_the_stack()
    {
        var (wire, count) = (Buffered(), 0);
        wire.Do(c => c.Read(Line).Repeat(Many).Subscribe(_ => count++));
        Assert.That(count, Is.EqualTo(Many));
    }

    [Test]
    public void A_million_frames_read_on_from_inside_OnNext_do_not_grow_the_stack()
    {
        var (wire, count) = (Buffered(), 0);
        void Next(Connection c) => c.Read(Line).Subscribe(_ =>
        {
            if (++count < Many)
            {
                Next(c);
            }
        });
        wire.Do(Next);
        Assert.That(count, Is.EqualTo(Many));
    }

    [Test]
    public void Awaiting_a_buffered_frame_allocates_less_than_a_hundred_bytes()
    {
        var (wire, allocated) = (Buffered(), long.MaxValue);
        wire.Converses(async c =>
        {
            await c.Read(Line);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                await c.Read(Line);
            }

            allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000;
        });
        Assert.That(allocated, Is.LessThan(100));
    }

    [Test]
    public void A_line_that_comes_byte_by_byte_against_a_timer_is_scanned_once()
    {
        var (wire, looked) = (new Wire(), 0L);
        var framing = new Scanning(n => looked += n);
        wire.Converses(async c =>
        {
            while (!(await First.Of(c.Read(framing), wire.Hub.Sleep(TimeSpan.FromSeconds(1)))).TryFirst(out _))
            {
            }
        });
        for (var i = 0; i < 200; i++)
        {
            wire.Peer.Sends("x");
            wire.Passes(1);
        }

        wire.Peer.Sends("\n");
        Assert.That(looked, Is.EqualTo(201));
    }

    private static void ReadOn(Connection connection, List<string> read) => connection.Read(Line).Subscribe(line =>
    {
        read.Add(line.TrimEol().ToText());
        ReadOn(connection, read);
    });

    private static Wire Buffered()
    {
        var world = new World();
        world.Network.Conditions = new() { Window = 3 * (Many + 1000) };
        var wire = world.Wire();
        wire.Peer.Sends(string.Concat(Enumerable.Repeat("x\r\n", Many + 1000)));
        return wire;
    }

    /// <summary>Lines, by a decoder that tells how many bytes it looked at.</summary>
    private sealed class Scanning(Action<int> looked) : Framing<string>
    {
        public override Decoder<string> CreateDecoder() => new Running(looked);

        private sealed class Running(Action<int> looked) : Decoder<string>
        {
            private int _from;

            public override bool TryDecode(ReadOnlyMemory<byte> buffer, out string frame, out int consumed)
            {
                looked(buffer.Length - _from);
                _from = buffer.Length;
                (frame, consumed) = buffer.ToText().EndsWith('\n') ? (buffer.ToText(), buffer.Length) : ("", 0);
                return consumed > 0;
            }
        }
    }
}
