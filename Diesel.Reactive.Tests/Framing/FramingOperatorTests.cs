using System.Globalization;
using Diesel.Reactive.Testing;
using Operator = System.Func<System.IObservable<System.ReadOnlyMemory<byte>>, System.IObservable<string>>;

namespace Diesel.Reactive.Tests;

/// <summary>What every operator does, whichever framing it stands for.</summary>
public class FramingOperatorTests
{
    private static readonly TestCaseData[] Operators =
    [
        Named("Decode", source => source.Decode(Framing.Literal("ab")).Select(Hex), "6162", "6162"),
        Named("UntilEol", source => source.UntilEol().Select(Hex), "610D0A", "610D0A"),
        Named("UntilEol lone LF", source => source.UntilEol(allowLoneLf: true).Select(Hex), "610A", "610A"),
        Named("Until text", source => source.Until("--").Select(Hex), "612D2D", "612D2D"),
        Named("Until bytes", source => source.Until("--"u8).Select(Hex), "612D2D", "612D2D"),
        Named("Lines", source => source.Lines(), "C3A90A", "é"),
        Named("Bytes", source => source.Bytes(2).Select(Hex), "AABB", "AABB"),
        Named("LengthPrefixed", source => source.LengthPrefixed(2, littleEndian: true).Select(Hex), "0100AA", "AA"),
        Named("Varint", source => source.Varint().Select(Invariant), "AC02", "300"),
    ];

    [TestCaseSource(nameof(Operators))]
    public void Gives_one_value_per_frame(Operator apply, byte[] wire, string frame) =>
        Expect(apply, "-w-h-r-", wire, "-f---f-", frame);

    [TestCaseSource(nameof(Operators))]
    public void Never_stays_never(Operator apply, byte[] wire, string frame) => Expect(apply, "--", wire, "--", frame);

    [TestCaseSource(nameof(Operators))]
    public void Empty_stays_empty(Operator apply, byte[] wire, string frame) => Expect(apply, "-|", wire, "-|", frame);

    [TestCaseSource(nameof(Operators))]
    public void Passes_the_error_of_the_source_on(Operator apply, byte[] wire, string frame) => Expect(apply, "-w-#", wire, "-f-#", frame);

    [TestCaseSource(nameof(Operators))]
    public void An_end_inside_a_frame_is_an_error(Operator apply, byte[] wire, string frame) =>
        Expect(apply, "-w-h-|", wire, "-f---#", frame, static error => error is TruncatedFrameException { PendingBytes: 1 });

    [TestCaseSource(nameof(Operators))]
    public void Disposal_unsubscribes(Operator apply, byte[] wire, string frame) => MarbleTest.Run(t =>
    {
        var source = t.Hot<ReadOnlyMemory<byte>>("-w-w-", ("w", wire));
        t.ExpectObservable(apply(source), "^-!").ToBe("-f", ("f", frame));
        t.ExpectSubscriptions(source).ToBe("^-!");
    });

    // Chunks: w is all of the wire, h and r are its head, of one byte, and the rest.
    private static void Expect(Operator apply, string chunks, byte[] wire, string frames, string frame, Predicate<Exception>? isExpected = null) => MarbleTest.Run(t =>
    {
        var source = t.Hot<ReadOnlyMemory<byte>>(chunks, ("w", wire), ("h", wire.AsMemory(0, 1)), ("r", wire.AsMemory(1)));
        var expectation = t.ExpectObservable(apply(source));
        (isExpected is null ? expectation : expectation.WithError(isExpected)).ToBe(frames, ("f", frame));
    });

    private static TestCaseData Named(
        string name, Operator apply, string wire, string frame) =>
        new TestCaseData(apply, Convert.FromHexString(wire), frame).SetArgDisplayNames(name);

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexString(bytes.Span);

    private static string Invariant(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
