using System.Globalization;
using System.Reactive;
using Microsoft.Reactive.Testing;
using Cut = System.Func<System.IObservable<System.ReadOnlyMemory<byte>>, System.IObservable<string>>;

namespace Diesel.Reactive.Tests;

/// <summary>What every operator does, whichever framing it stands for.</summary>
public class FramingOperatorTests : ReactiveTest
{
    private static readonly TestCaseData[] Operators =
    [
        Operator("Decode", source => source.Decode(Framing.Literal("ab")).Select(Hex), "6162", "6162"),
        Operator("UntilEol", source => source.UntilEol().Select(Hex), "610D0A", "610D0A"),
        Operator("UntilEol lone LF", source => source.UntilEol(allowLoneLf: true).Select(Hex), "610A", "610A"),
        Operator("Until text", source => source.Until("--").Select(Hex), "612D2D", "612D2D"),
        Operator("Until bytes", source => source.Until("--"u8).Select(Hex), "612D2D", "612D2D"),
        Operator("Lines", source => source.Lines(), "C3A90A", "é"),
        Operator("Bytes", source => source.Bytes(2).Select(Hex), "AABB", "AABB"),
        Operator("LengthPrefixed", source => source.LengthPrefixed(2, littleEndian: true).Select(Hex), "0100AA", "AA"),
        Operator("Varint", source => source.Varint().Select(Invariant), "AC02", "300"),
    ];

    [TestCaseSource(nameof(Operators))]
    public void Gives_one_value_per_frame(Cut cut, byte[] wire, string frame) =>
        Assert.That(
            Run(cut, OnNext(210, wire), OnNext(220, wire[..1]), OnNext(230, wire[1..])).Messages,
            Is.EqualTo(new[] { OnNext(210, frame), OnNext(230, frame) }));

    [TestCaseSource(nameof(Operators))]
    public void Never_stays_never(Cut cut, byte[] wire, string frame) =>
        Assert.That(Run(cut).Messages, Is.Empty);

    [TestCaseSource(nameof(Operators))]
    public void Empty_stays_empty(Cut cut, byte[] wire, string frame) =>
        Assert.That(Run(cut, OnCompleted<byte[]>(210)).Messages, Is.EqualTo(new[] { OnCompleted<string>(210) }));

    [TestCaseSource(nameof(Operators))]
    public void Passes_the_error_of_the_source_on(Cut cut, byte[] wire, string frame)
    {
        var error = new FormatException();
        Assert.That(
            Run(cut, OnNext(210, wire), OnError<byte[]>(220, error)).Messages,
            Is.EqualTo(new[] { OnNext(210, frame), OnError<string>(220, error) }));
    }

    [TestCaseSource(nameof(Operators))]
    public void An_end_inside_a_frame_is_an_error(Cut cut, byte[] wire, string frame)
    {
        var seen = Run(cut, OnNext(210, wire), OnNext(220, wire[..1]), OnCompleted<byte[]>(230)).Messages;
        Assert.That(
            seen[^1].Value.Exception,
            Is.TypeOf<TruncatedFrameException>().And.Property("PendingBytes").EqualTo(1));
    }

    [TestCaseSource(nameof(Operators))]
    public void Disposal_unsubscribes(Cut cut, byte[] wire, string frame)
    {
        var scheduler = new TestScheduler();
        var source = scheduler.CreateHotObservable(OnNext(210, wire.AsReadOnly()), OnNext(310, wire.AsReadOnly()));
        var seen = scheduler.Start(() => cut(source), created: 100, subscribed: 200, disposed: 300);
        Assert.That((seen.Messages.Count, source.Subscriptions[0]), Is.EqualTo((1, Subscribe(200, 300))));
    }

    private static ITestableObserver<string> Run(
        Cut cut, params Recorded<Notification<byte[]>>[] chunks)
    {
        var scheduler = new TestScheduler();
        var source = scheduler.CreateHotObservable(chunks).Select(chunk => chunk.AsReadOnly());
        return scheduler.Start(() => cut(source));
    }

    private static TestCaseData Operator(
        string name, Cut cut, string wire, string frame) =>
        new TestCaseData(cut, Convert.FromHexString(wire), frame).SetArgDisplayNames(name);

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexString(bytes.Span);

    private static string Invariant(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
