using System.Text;

namespace Diesel.Reactive.Tests;

public class FramingArgumentTests
{
    private static readonly Action[] OutOfRange =
    [
        () => Framing.UntilEol(-1),
        () => Framing.UntilEol(overflow: (FrameOverflow)7),
        () => Framing.Until("x", -1),
        () => Framing.Lines(maxLength: -1),
        () => Framing.Bytes(-1),
        () => Framing.LengthPrefixed(size: 5),
        () => Framing.LengthPrefixed(offset: -1),
        () => Framing.LengthPrefixed(offset: int.MaxValue),
        () => Framing.LengthPrefixed(maxLength: -1),
        () => Framing.LengthPrefixed(maxLength: int.MaxValue),
        () => Framing.LengthPrefixed(bytesToStrip: -1),
        () => Framing.LengthPrefixed(bytesToStrip: 105, maxLength: 100),
        () => Framing.Varint(0),
        () => Framing.Varint(11),
        () => Observable.Never<ReadOnlyMemory<byte>>().Bytes(0),
    ];

    private static readonly Action[] Nulls =
    [
        () => Framing.Until((string)null!),
        () => Framing.Literal((string)null!),
        () => Framing.Fail<int>(null!),
        () => Framing.Varint().Select<int>(null!),
        () => Framing.Varint().Where(null!),
        () => Framing.Varint().SelectMany<int>(null!),
        () => Framing.Varint().SelectMany<int, int>(_ => Framing.Return(1), null!),
        () => Framing.Varint().Or(null!),
        () => Observable.Never<ReadOnlyMemory<byte>>().Decode<int>(null!),
        () => ((IObservable<ReadOnlyMemory<byte>>)null!).UntilEol(),
    ];

    private static readonly Func<object>[] Defaults =
    [
        () => Framing.UntilEol(),
        () => Framing.Lines(),
        () => Framing.LengthPrefixed(),
        () => Framing.Varint(),
        Framing.Chunk,
    ];

    [TestCaseSource(nameof(OutOfRange))]
    public void Refuses_a_number_that_makes_no_sense_when_called(Action call) =>
        Assert.That(() => call(), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCaseSource(nameof(Nulls))]
    public void Refuses_null_when_called(Action call) => Assert.That(() => call(), Throws.ArgumentNullException);

    [Test]
    public void Refuses_an_empty_delimiter() => Assert.That(() => Framing.Until(""), Throws.ArgumentException);

    [Test]
    public void Refuses_an_encoding_whose_line_ends_are_wider() =>
        Assert.That(() => Framing.Lines(Encoding.Unicode), Throws.ArgumentException);

    [TestCaseSource(nameof(Defaults))]
    public void Framings_without_arguments_are_shared(Func<object> framing)
    {
        var first = framing();
        Assert.That(framing(), Is.SameAs(first));
    }
}
