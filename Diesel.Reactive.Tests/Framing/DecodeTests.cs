using System.Reactive.Subjects;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class DecodeTests
{
    private static readonly FormatException Broken = new("broken");

    [Test]
    public void Delivers_each_frame_when_its_last_byte_arrives() => MarbleTest.Run(t =>
    {
        var bytes = t.HotBytes(@"-'a'-'b\r\nc\r'-'\nd\r\n'-|");
        t.ExpectObservable(bytes.UntilEol().Select(Text)).ToBe("---'ab'-[cd]-|");
    });

    [Test]
    public void Delivers_the_frames_before_the_error_of_the_source() => MarbleTest.Run(t =>
        t.ExpectObservable(t.HotBytes(@"-'a\r\nb'-#", Broken).UntilEol().Select(Text)).WithError(static error => error == Broken).ToBe("-a-#"));

    [Test]
    public void Delivers_the_frames_before_a_protocol_exception_and_unsubscribes() => MarbleTest.Run(t =>
    {
        var source = t.HotBytes(@"-'ok\r\nlong\r\n'-'\r\n'");
        t.ExpectObservable(source.UntilEol(3).Select(line => line.ToText())).WithError(static error => error is FrameTooLongException)
            .ToBe(@"-['ok\r\n'#]");
        t.ExpectSubscriptions(source).ToBe("^!");
    });

    [TestCase(false)]
    [TestCase(true)]
    public void An_end_inside_a_line_that_is_thrown_away_is_an_error(bool allowLoneLf)
    {
        Exception? error = null;
        Observable.Return("too long".ToBytes()).UntilEol(3, allowLoneLf, FrameOverflow.Discard)
            .Subscribe(_ => { }, thrown => error = thrown);
        Assert.That(error, Is.TypeOf<TruncatedFrameException>());
    }

    [Test]
    public void A_framing_that_takes_no_bytes_is_told_so() =>
        Assert.That(ErrorOf(Framing.Return(1)), Is.TypeOf<InvalidOperationException>().And.Message.Contain("no bytes"));

    [Test]
    public void What_a_grammar_throws_reaches_the_subscriber() =>
        Assert.That(ErrorOf(Framing.Bytes(1).Select<int>(_ => throw Broken)), Is.SameAs(Broken));

    [TestCase(-1)]
    [TestCase(99)]
    public void A_decoder_that_takes_what_it_was_not_given_is_told_so(int consumed) =>
        Assert.That(ErrorOf(new Greedy(consumed)), Is.TypeOf<InvalidOperationException>());

    [Test]
    public void What_the_subscriber_throws_goes_to_the_source_and_ends_the_subscription()
    {
        using var source = new Subject<ReadOnlyMemory<byte>>();
        source.UntilEol().Subscribe(_ => throw Broken, _ => Assert.Fail("OnError is not for what OnNext throws"));
        Assert.That(() => source.OnNext("a\r\nb\r\n".ToBytes()), Throws.Exception.SameAs(Broken));
        Assert.That(source.HasObservers, Is.False);
    }

    [Test]
    public void Disposing_inside_OnNext_stops_delivery_at_once()
    {
        using var source = new Subject<ReadOnlyMemory<byte>>();
        var seen = new List<string>();
        IDisposable? subscription = null;
        subscription = source.UntilEol().Subscribe(line =>
        {
            seen.Add(line.ToText());
            subscription!.Dispose();
        });
        source.OnNext("a\r\nb\r\n".ToBytes());
        Assert.That((seen.Count, source.HasObservers), Is.EqualTo((1, false)));
    }

    [Test]
    public void A_chunk_pushed_from_OnNext_comes_after_the_frames_before_it()
    {
        using var source = new Subject<ReadOnlyMemory<byte>>();
        var seen = "";
        source.Lines().Subscribe(line =>
        {
            seen += line;
            if (line == "a")
            {
                source.OnNext("c\n".ToBytes());
                source.OnCompleted();
            }
        }, () => seen += "|");
        source.OnNext("a\nb\n".ToBytes());
        Assert.That(seen, Is.EqualTo("abc|"));
    }

    [Test]
    public void A_million_chunks_pushed_from_OnNext_do_not_grow_the_stack() => FramingStack.OnSmall(() =>
    {
        using var source = new Subject<ReadOnlyMemory<byte>>();
        var (count, one) = (0, "x".ToBytes());
        source.Bytes(1).Subscribe(_ =>
        {
            if (++count < 1_000_000)
            {
                source.OnNext(one);
            }
        });
        source.OnNext(one);
        Assert.That(count, Is.EqualTo(1_000_000));
    });

    [Test]
    public void A_million_buffered_frames_of_a_grammar_do_not_grow_the_stack() => FramingStack.OnSmall(() =>
    {
        var grammar = from length in Framing.Varint() from body in Framing.Bytes((int)length) select body.Length;
        var wire = Enumerable.Repeat(new byte[] { 2, 7, 7 }, 1_000_000).SelectMany(frame => frame).ToArray();
        var count = 0;
        Observable.Return<ReadOnlyMemory<byte>>(wire).Decode(grammar).Subscribe(length => count += length / 2);
        Assert.That(count, Is.EqualTo(1_000_000));
    });

    [Test]
    public void Each_subscription_has_its_own_buffer()
    {
        using var source = new Subject<ReadOnlyMemory<byte>>();
        var (lines, seen) = (source.Lines(), new List<string>());
        using var first = lines.Subscribe(seen.Add);
        source.OnNext("a".ToBytes());
        using var second = lines.Subscribe(seen.Add);
        source.OnNext("b\n".ToBytes());
        Assert.That(seen, Is.EqualTo(new[] { "ab", "b" }));
    }

    [Test]
    public void A_streamed_line_allocates_nothing()
    {
        using var source = new Subject<ReadOnlyMemory<byte>>();
        var (count, wire) = (0, "PING\r\nPONG\r\n".ToBytes());
        using var subscription = source.UntilEol().Subscribe(_ => count++);
        source.OnNext(wire);
        var before = GC.GetAllocatedBytesForCurrentThread();
        source.OnNext(wire);
        Assert.That((GC.GetAllocatedBytesForCurrentThread() - before, count), Is.EqualTo((0L, 4)));
    }

    [Test]
    public void A_source_of_frames_decodes_from_its_own_buffer()
    {
        var frames = new FrameSource();
        IObservable<ReadOnlyMemory<byte>> source = frames;
        source.UntilEol();
        Assert.That(frames.Decoded, Is.SameAs(Framing.UntilEol()));
    }

    private static string Text(ReadOnlyMemory<byte> line) => line.TrimEol().ToText();

    private static Exception? ErrorOf<T>(Framing<T> framing)
    {
        Exception? error = null;
        Observable.Return("x".ToBytes()).Decode(framing).Subscribe(_ => { }, thrown => error = thrown);
        return error;
    }

    private sealed class Greedy(int consumes) : Framing<int>
    {
        public override Decoder<int> CreateDecoder() => new Taking(consumes);

        private sealed class Taking(int consumes) : Decoder<int>
        {
            public override bool TryDecode(ReadOnlyMemory<byte> buffer, out int frame, out int consumed)
            {
                (frame, consumed) = (0, consumes);
                return true;
            }
        }
    }

    private sealed class FrameSource : IObservable<ReadOnlyMemory<byte>>, IFrameSource
    {
        public object? Decoded { get; private set; }

        public IObservable<T> Decode<T>(Framing<T> framing)
        {
            Decoded = framing;
            return Observable.Empty<T>();
        }

        public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer) => throw new AssertionException("Read as chunks.");
    }
}
