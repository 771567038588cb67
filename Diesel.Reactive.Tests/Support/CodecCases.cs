using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Diesel.Reactive.Tests;

/// <summary>Draws a case of every codec there is, and of some that are composed of them.</summary>
public static class CodecCases
{
    private static readonly Func<FramingDraw, CodecCase>[] Kinds =
    [
        UntilEol, LoneLf, Until, Lines, AsciiLines, Fixed, LengthPrefixed, Varint, Literal,
        Condition, Sized, Counted, Known, UpToTheLast, Within,
    ];

    public static Arbitrary<CodecCase> Cases() =>
        (from kind in Gen.Elements(Kinds)
         from seed in Gen.Choose(0, int.MaxValue - 1)
         select kind(new FramingDraw(seed))).ToArbitrary();

    private static CodecCase UntilEol(FramingDraw draw) => Delimited("UntilEol", Framing.UntilEol(5), draw, "a\r\n", "\r\n");

    private static CodecCase LoneLf(FramingDraw draw) => Delimited("lone LF", Framing.UntilEol(5, allowLoneLf: true), draw, "a\r\n", "\n");

    private static CodecCase Until(FramingDraw draw)
    {
        var delimiter = draw.Text("ab", 1, 4);
        return Delimited($"Until {delimiter}", Framing.Until(delimiter, maxLength: 5), draw, "ab", delimiter);
    }

    private static CodecCase Delimited(string name, Codec<ReadOnlyMemory<byte>> codec, FramingDraw draw, string alphabet, string delimiter) =>
        CodecCase.Of(
            name,
            codec,
            Encoding.ASCII.GetBytes(draw.Text(alphabet, 0, 60)),
            draw.Some(() => Encoding.ASCII.GetBytes(draw.Text(alphabet, 0, 8) + (draw.Coin() ? delimiter : ""))));

    private static CodecCase Lines(FramingDraw draw) =>
        new(
            "Lines",
            Framing.Lines(maxLength: 12),
            Encoding.UTF8.GetBytes(draw.Text("aé€\r\n", 0, 60)),
            draw.Some(() => draw.Text("aé€\r\n\uD83D\uDE00", 0, 6)));

    private static CodecCase AsciiLines(FramingDraw draw) =>
        new("ASCII lines", Framing.Lines(Encoding.ASCII, maxLength: 4), Encoding.ASCII.GetBytes(draw.Text("a?\r\n", 0, 60)), draw.Some(() => draw.Text("aé?\r\n", 0, 6)));

    private static CodecCase Fixed(FramingDraw draw) =>
        CodecCase.Of("Bytes", Framing.Bytes(3), draw.Bytes(draw.Number(0, 20)), draw.Some(() => draw.Bytes(draw.Number(2, 4))));

    private static CodecCase LengthPrefixed(FramingDraw draw)
    {
        int[] sizes = [1, 2, 3, 4, 8];
        var (size, little, offset) = (sizes[draw.Number(0, 4)], draw.Coin(), draw.Number(0, 3));
        var adjustment = draw.Number(-offset - size - 2, 5);
        int? strip = draw.Coin() ? null : draw.Number(0, offset + size + 2);
        var maxLength = draw.Coin() ? 8 : 300;
        return CodecCase.Of(
            $"LengthPrefixed({size}, {little}, {offset}, {adjustment}, {strip}, {maxLength})",
            Framing.LengthPrefixed(size, little, offset, adjustment, strip, maxLength),
            [.. draw.Some(() => draw.Number(0, 5)).Select(n => (byte)n), .. draw.Few(100)],
            draw.Some(() => draw.Coin() ? draw.Few(draw.Number(0, 12)) : draw.Few(draw.Number(250, 310))));
    }

    private static CodecCase Varint(FramingDraw draw)
    {
        var maxBytes = draw.Number(1, 10);
        return new(
            $"Varint({maxBytes})", Numbers(Framing.Varint(maxBytes)), draw.Bytes(20), draw.Some(() => Invariant(draw.Integer())));
    }

    private static CodecCase Literal(FramingDraw draw) =>
        CodecCase.Of("Literal", Framing.Literal("aba"), Encoding.ASCII.GetBytes(draw.Text("ab", 0, 9)), draw.Some(
            () => Encoding.ASCII.GetBytes(draw.Text("ab", 2, 4))));

    private static CodecCase Condition(FramingDraw draw) =>
        new("Where", Numbers(Framing.Varint().Where(number => number % 2 == 0)), draw.Few(9), draw.Some(() => Invariant(draw.Integer())));

    private static CodecCase Sized(FramingDraw draw) =>
        new(
            "Then",
            Framing.Varint().Where(length => length <= 5).Then(length => Framing.Bytes((int)length)).Then(Framing.Literal("\n")).Select(
                frame => $"{frame.First.First}:{Convert.ToHexString(frame.First.Second.Span)}",
                text => ((ulong.Parse(text.Split(':')[0], CultureInfo.InvariantCulture), Convert.FromHexString(text.Split(':')[1])), "\n"u8.ToArray())),
            [.. draw.Some(() => (byte[])[2, draw.Few(1)[0], 7, (byte)'\n']).SelectMany(frame => frame)],
            draw.Some(() => $"{draw.Number(0, 7)}:{Convert.ToHexString(draw.Bytes(draw.Number(0, 7)))}"));

    private static CodecCase Counted(FramingDraw draw) => Lists("counted", Framing.Many(Item, Framing.Varint(), maxCount: 3), draw);

    private static CodecCase Known(FramingDraw draw) => Lists("known", Framing.Many(Item, 2), draw);

    private static CodecCase UpToTheLast(FramingDraw draw) =>
        Lists("up to the last", Framing.Many(Item, static item => item.Length == 0, maxCount: 3), draw);

    private static CodecCase Within(FramingDraw draw) =>
        Lists("within", Framing.Many(Item, Framing.LengthPrefixed(size: 1, maxLength: 8), maxCount: 3), draw);

    private static readonly Codec<string> Item = Framing.Lines(maxLength: 3);

    private static CodecCase Lists(string name, Codec<IReadOnlyList<string>> codec, FramingDraw draw) =>
        new(
            name,
            codec.Select(static items => string.Concat(items.Select(item => item + "|")), static text => text.Split('|')[..^1]),
            [.. draw.Some(() => draw.Coin() ? draw.Few(1) : "a\n"u8.ToArray()).SelectMany(bytes => bytes), .. "\n"u8],
            draw.Some(() => string.Concat(draw.Some(() => draw.Text("ab\n", 0, 2) + "|"))));

    private static Codec<string> Numbers(Codec<ulong> codec) => codec.Select(Invariant, static text => ulong.Parse(text, CultureInfo.InvariantCulture));

    private static string Invariant(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
