using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>The reader of a connection keeps the contract of <see cref="PipeReader"/>: each program is run on the runtime's own, too.</summary>
public class PipeReaderTests
{
    private const string Text = "ab\ncde\n\nfgh";

    private static readonly Consumer[] Consumers =
    [
        new("takes all", static buffer => (buffer.End, buffer.End)),
        new("takes bytes one by one", static buffer => After(buffer, Math.Min(1, buffer.Length))),
        new("takes nothing until there are four", static buffer => buffer.Length >= 4 ? After(buffer, 4) : (buffer.Start, buffer.End)),
        new("takes one and has seen all", static buffer => (buffer.GetPosition(Math.Min(1, buffer.Length)), buffer.End)),
        new("takes nothing and has seen two", static buffer => (buffer.Start, buffer.GetPosition(Math.Min(2, buffer.Length)))),
        new("takes lines", static buffer => buffer.PositionOf((byte)'\n') is { } eol
            ? (buffer.GetPosition(1, eol), buffer.GetPosition(1, eol)) : (buffer.Start, buffer.End)),
        new("takes all but the last", static buffer => After(buffer, Math.Max(0, buffer.Length - 1))),
    ];

    private static readonly Misuse[] Misuses =
    [
        new("advances without a read", static reader => reader.AdvanceTo(default)),
        new("advances twice", static reader =>
        {
            var buffer = Read(reader).Buffer;
            reader.AdvanceTo(buffer.Start);
            reader.AdvanceTo(buffer.Start);
        }),
        new("reads twice", static reader =>
        {
            Read(reader);
            Read(reader);
        }),
        new("reads and tries to read", static reader =>
        {
            Read(reader);
            reader.TryRead(out _);
        }),
        new("has seen less than it takes", static reader =>
        {
            var buffer = Read(reader).Buffer;
            reader.AdvanceTo(buffer.End, buffer.Start);
        }),
        new("reads when it is complete", static reader =>
        {
            reader.Complete();
            Read(reader);
        }),
        new("tries when it is complete", static reader =>
        {
            reader.Complete();
            reader.TryRead(out _);
        }),
        new("advances when it is complete", static reader =>
        {
            var buffer = Read(reader).Buffer;
            reader.Complete();
            reader.AdvanceTo(buffer.End);
        }),
        new("completes twice", static reader =>
        {
            reader.Complete();
            reader.Complete(new NotSupportedException());
        }),
        new("reads with a cancelled token", static reader => Read(reader, new CancellationToken(canceled: true))),
        new("reads twice when it was cancelled", static reader =>
        {
            reader.CancelPendingRead();
            Read(reader);
            Read(reader);
        }),
        new("advances over what was cancelled", static reader =>
        {
            reader.CancelPendingRead();
            reader.AdvanceTo(Read(reader).Buffer.End);
            reader.CancelPendingRead();
            reader.AdvanceTo(Read(reader).Buffer.End);
        }),
        new("advances twice over what was cancelled", static reader =>
        {
            reader.CancelPendingRead();
            var buffer = Read(reader).Buffer;
            reader.AdvanceTo(buffer.End);
            reader.AdvanceTo(buffer.End);
        }),
    ];

    [Test]
    public void Shows_what_the_runtimes_own_shows_however_the_input_is_cut([ValueSource(nameof(Consumers))] Consumer consumer)
    {
        for (var first = 0; first <= Text.Length; first++)
        {
            for (var second = first; second <= Text.Length; second++)
            {
                string[] pieces = [.. new[] { Text[..first], Text[first..second], Text[second..] }.Where(static piece => piece.Length > 0)];
                var (own, theirs) = (Play(Ours(), consumer, pieces), Play(Theirs(), consumer, pieces));
                Assert.That(own, Is.EqualTo(theirs), string.Join('|', pieces));
            }
        }
    }

    [Test]
    public void Is_wrongly_used_where_the_runtimes_own_is([ValueSource(nameof(Misuses))] Misuse misuse)
    {
        string[] told = [.. new[] { Ours(), Theirs() }.Select(side =>
        {
            side.Feed("abc");
            try
            {
                misuse.Act(side.Reader);
                return "nothing thrown";
            }
            catch (Exception error)
            {
                return error.GetType().Name;
            }
        })];
        Assert.That(told[0], Is.EqualTo(told[1]));
    }

    [Test]
    public void A_waiting_read_is_cancelled_and_the_next_one_waits([Values] bool byToken)
    {
        string[] told = [.. new[] { Ours(), Theirs() }.Select(side =>
        {
            using var source = new CancellationTokenSource();
            var reading = side.Reader.ReadAsync(source.Token);
            side.Settle();
            if (byToken)
            {
                source.Cancel();
            }
            else
            {
                side.Reader.CancelPendingRead();
            }

            var first = Shown(reading);
            var second = side.Reader.ReadAsync();
            side.Feed("a");
            return $"{first}, {Shown(second)}";
        })];
        Assert.That(told[0], Is.EqualTo(told[1]).And.EqualTo(byToken ? "OperationCanceledException, 'a'" : "'' canceled, 'a'"));
    }

    [Test]
    public void A_second_read_while_one_waits_is_refused()
    {
        var side = Ours();
        var reading = side.Reader.ReadAsync();
        Assert.That(() => side.Reader.ReadAsync(), Throws.InvalidOperationException.With.Message.Contains("under way"));
        side.Feed("a");
        Assert.That(Shown(reading), Is.EqualTo("'a'"));
    }

    [Test]
    public void It_is_tried_on_the_hub_with_what_is_there()
    {
        var (wire, reader) = Wired();
        wire.Watch(c => c.Read(Framing.UntilEol()));
        wire.Peer.Sends("a\r\nb");
        var (found, result) = wire.World.Do(() => (reader.TryRead(out var there), there));
        Assert.That((found, Shown(result)), Is.EqualTo((true, "'b'")));
        wire.Do(_ => reader.AdvanceTo(result.Buffer.End));
        Assert.That(wire.World.Do(() => reader.TryRead(out _)), Is.False);
    }

    [Test]
    public void A_reset_is_told_behind_what_came_before_it()
    {
        var (wire, reader) = Wired();
        wire.Peer.Sends("a").Resets();
        reader.AdvanceTo(Read(reader, wire).Buffer.Start);
        reader.AdvanceTo(Read(reader, wire).Buffer.End);
        Assert.That(() => Read(reader, wire), Throws.InstanceOf<ConnectionException>());
        Assert.That(() => Read(reader, wire), Throws.InstanceOf<ConnectionException>());
    }

    [Test]
    public void It_ends_with_the_connection_and_with_the_hub([Values] bool hub)
    {
        var (wire, reader) = Wired();
        var reading = reader.ReadAsync();
        wire.Passes(1);
        if (hub)
        {
            wire.Hub.Dispose();
        }
        else
        {
            wire.Do(static c => c.Dispose());
        }

        Assert.That(Shown(reading), Is.EqualTo(hub ? "ConnectionException" : "ObjectDisposedException"));
    }

    private static string Play(Side side, Consumer consumer, string[] pieces)
    {
        var (told, fed) = (new StringBuilder(), 0);
        for (var step = 0; step < 100; step++)
        {
            var reading = side.Reader.ReadAsync();
            side.Settle();
            if (!reading.IsCompleted)
            {
                told.Append("... ");
                side.Feed(fed < pieces.Length ? pieces[fed] : null);
                fed++;
            }

            var result = reading.Result;
            told.Append(Shown(result)).Append(' ');
            if (result.IsCompleted && (result.Buffer.IsEmpty || step > 60))
            {
                break;
            }

            var (consumed, examined) = consumer.Advance(result.Buffer);
            side.Reader.AdvanceTo(consumed, examined);
        }

        return told.ToString();
    }

    private static (SequencePosition Consumed, SequencePosition Examined) After(ReadOnlySequence<byte> buffer, long count) =>
        (buffer.GetPosition(count), buffer.GetPosition(count));

    private static string Shown(ValueTask<ReadResult> reading)
    {
        Assert.That(reading.IsCompleted);
        try
        {
            return Shown(reading.GetAwaiter().GetResult());
        }
        catch (Exception error)
        {
            return error.GetType().Name;
        }
    }

    internal static string Shown(ReadResult result) =>
        $"'{Encoding.Latin1.GetString(result.Buffer.ToArray())}'{(result.IsCompleted ? " completed" : "")}{(result.IsCanceled ? " canceled" : "")}";

    private static ReadResult Read(PipeReader reader, CancellationToken token = default)
    {
        var reading = reader.ReadAsync(token);
        Side.Last!.Settle();
        return reading.GetAwaiter().GetResult();
    }

    internal static ReadResult Read(PipeReader reader, Wire wire)
    {
        var reading = reader.ReadAsync();
        wire.Passes(1);
        Assert.That(reading.IsCompleted);
        return reading.GetAwaiter().GetResult();
    }

    internal static (Wire Wire, PipeReader Reader) Wired()
    {
        var wire = new Wire();
        return (wire, wire.Connection.AsPipe().Input);
    }

    private static Side Ours()
    {
        var (wire, reader) = Wired();
        return new Side(reader, text => _ = text is null ? wire.Peer.Ends() : wire.Peer.Sends(text), () => wire.Passes(0.001));
    }

    private static Side Theirs()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        return new Side(pipe.Reader, text =>
        {
            if (text is null)
            {
                pipe.Writer.Complete();
            }
            else
            {
                _ = pipe.Writer.WriteAsync(Encoding.Latin1.GetBytes(text)).IsCompleted;
            }
        }, static () => { });
    }

    /// <summary>A reader, and who feeds it.</summary>
    private sealed class Side
    {
        private readonly Action<string?> _feed;

        public Side(PipeReader reader, Action<string?> feed, Action settle)
        {
            (Reader, _feed, Settle) = (reader, feed, settle);
            Last = this;
        }

        [field: ThreadStatic]
        public static Side? Last { get; private set; }

        public PipeReader Reader { get; }

        public Action Settle { get; }

        public void Feed(string? text)
        {
            _feed(text);
            Settle();
            Last = this;
        }
    }

    /// <summary>How far a consumer advances.</summary>
    public sealed record Consumer(string Name, Func<ReadOnlySequence<byte>, (SequencePosition Consumed, SequencePosition Examined)> Advance)
    {
        public override string ToString() => Name;
    }

    /// <summary>What must not be done, or may be.</summary>
    public sealed record Misuse(string Name, Action<PipeReader> Act)
    {
        public override string ToString() => Name;
    }
}
