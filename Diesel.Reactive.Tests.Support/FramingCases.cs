using System.Globalization;
using System.Text;
using Diesel.Reactive.Protocols.Redis;
using FsCheck;
using FsCheck.Fluent;

namespace Diesel.Reactive.Tests;

/// <summary>Draws a case of every framing there is, and of grammars made of them.</summary>
public static class FramingCases
{
    private static readonly Func<FramingDraw, FramingCase>[] Kinds =
    [
        UntilEol, LoneLf, Until, Lines, Fixed, LengthPrefixed, Varint, Literal,
        DiscardedLines, DiscardedLoneLf, DiscardedFrames, DiscardedTail,
        SetCommand, Dispatch, Alternatives, Conditions, Items, Nested,
        Counted, UpToTheLast, UpToTheEnd, Within, Resp, ProxyHeaders,
    ];

    private static readonly Func<FramingDraw, (FramingCase Case, string Last)>[] Open = [LastLine, LastPart, LastAlternative, AllOfIt];


    public static Arbitrary<FramingCase> Cases() =>
        (from kind in Gen.Elements(Kinds)
         from seed in Gen.Choose(0, int.MaxValue - 1)
         select kind(new FramingDraw(seed))).ToArbitrary();

    /// <summary>Streams whose end completes their last frame: all frames but that, the whole stream, and that.</summary>
    public static Arbitrary<(FramingCase Case, string Last)> OpenCases() =>
        (from kind in Gen.Elements(Open)
         from seed in Gen.Choose(0, int.MaxValue - 1)
         select kind(new FramingDraw(seed))).ToArbitrary();

    private static (FramingCase Case, string Last) LastLine(FramingDraw draw)
    {
        var (lines, last) = (draw.Some(() => draw.Text("ab", 0, 8)), draw.Text("ab\r", 1, 8));
        return (FramingCase.Of(
            "last line",
            Framing.UntilEol(12).Or(Framing.UntilEnd(12)).Select(line => line.TrimEol().ToText()),
            lines.Select(line => (Encoding.ASCII.GetBytes(line + "\r\n"), (string?)line)).Append((Encoding.ASCII.GetBytes(last), null))), last);
    }

    private static (FramingCase Case, string Last) LastPart(FramingDraw draw)
    {
        var (fields, last) = (draw.Some(() => draw.Text("ab", 0, 8)), draw.Text("ab", 0, 8));
        return (FramingCase.Of(
            "last part",
            from key in Framing.Until(":")
            from value in Framing.Until(";").Or(Framing.UntilEnd())
            from nothing in Framing.Bytes(0)
            select key.ToText() + value.ToText(),
            fields.Select(field => (Encoding.ASCII.GetBytes($"k:{field};"), (string?)$"k:{field};")).Append((Encoding.ASCII.GetBytes($"k:{last}"), null))), $"k:{last}");
    }

    private static (FramingCase Case, string Last) LastAlternative(FramingDraw draw)
    {
        var words = draw.Some(() => draw.Coin() ? "aab" : "aac");
        return (FramingCase.Of(
            "last alternative",
            Framing.Literal("aab").Or(Framing.Literal("aac")).Or(Framing.Literal("aa")).Select(word => word.ToText()),
            words.Select(word => (Encoding.ASCII.GetBytes(word), (string?)word)).Append(("aa"u8.ToArray(), null))), "aa");
    }

    private static (FramingCase Case, string Last) AllOfIt(FramingDraw draw)
    {
        var text = draw.Text("abc", 1, 100);
        return (FramingCase.Of("all of it", Framing.UntilEnd().Select(all => all.ToText()), [(Encoding.ASCII.GetBytes(text), null)]), text);
    }

    private static FramingCase UntilEol(FramingDraw draw) =>
        Whole("UntilEol", Framing.UntilEol(12), draw.Some(() => draw.Frame("ab\r\n", 12, "\r\n")));

    private static FramingCase LoneLf(FramingDraw draw) =>
        Whole("lone LF", Framing.UntilEol(12, allowLoneLf: true), draw.Some(() => draw.Frame("ab\r\n", 12, "\n")));

    private static FramingCase Until(FramingDraw draw)
    {
        var delimiter = draw.Text("ab", 1, 4);
        var frames = draw.Some(() => draw.Frame("abc", 12, delimiter));
        return Whole($"Until {delimiter}", Framing.Until(delimiter, maxLength: 12), frames);
    }

    private static FramingCase Lines(FramingDraw draw) =>
        FramingCase.Of("Lines", Framing.Lines(), draw.Some(() =>
        {
            var text = draw.Text("aé€", 0, 8);
            return (Encoding.UTF8.GetBytes(text + (draw.Coin() ? "\r\n" : "\n")), (string?)text);
        }));

    private static FramingCase Fixed(FramingDraw draw)
    {
        var count = draw.Number(1, 20);
        return Whole($"Bytes {count}", Framing.Bytes(count), draw.Some(() => draw.Bytes(count)));
    }

    private static FramingCase LengthPrefixed(FramingDraw draw)
    {
        int[] sizes = [1, 2, 3, 4, 8];
        var (size, little, offset) = (sizes[draw.Number(0, 4)], draw.Coin(), draw.Number(0, 3));
        var adjustment = draw.Number(-offset - size, 5);
        int? strip = draw.Coin() ? null : draw.Number(0, offset + size);
        return FramingCase.Of(
            $"LengthPrefixed({size}, {little}, {offset}, {adjustment}, {strip})",
            Framing.LengthPrefixed(size, little, offset, adjustment, strip, maxLength: 100),
            draw.Some(() =>
            {
                var payload = draw.Bytes(draw.Number(Math.Max(0, adjustment), 100));
                var field = BitConverter.GetBytes((ulong)(payload.Length - adjustment))[..size];
                byte[] wire = [.. draw.Bytes(offset), .. little ? field : field.Reverse(), .. payload];
                return (wire, (byte[]?)wire[(strip ?? (offset + size))..]);
            }));
    }

    private static FramingCase Varint(FramingDraw draw) =>
        FramingCase.Of("Varint", Framing.Varint().Select(Invariant), draw.Some(() => VarintFrame(draw)));

    private static FramingCase Literal(FramingDraw draw) =>
        Whole("Literal", Framing.Literal("PING"), draw.Some(() => "PING"u8.ToArray()));

    private static FramingCase DiscardedLines(FramingDraw draw) =>
        Short("lines discarded", Framing.UntilEol(5, overflow: FrameOverflow.Discard), 5, 2, draw.Some(
            () => draw.Frame("ab\r\n", 14, "\r\n")));

    private static FramingCase DiscardedLoneLf(FramingDraw draw) =>
        Short("lone LF discarded", Framing.UntilEol(5, allowLoneLf: true, FrameOverflow.Discard), 5, 1, draw.Some(
            () => draw.Frame("ab", 14, "\n")));

    private static FramingCase DiscardedFrames(FramingDraw draw) =>
        Short("frames discarded", Framing.Until("aab", 4, FrameOverflow.Discard), 4, 3, draw.Some(
            () => draw.Frame("abc", 14, "aab")));

    private static FramingCase DiscardedTail(FramingDraw draw) =>
        FramingCase.Of(
            "tail discarded",
            from tag in Framing.Bytes(1)
            from line in Framing.UntilEol(3, overflow: FrameOverflow.Discard)
            select tag.ToText() + line.TrimEol().ToText(),
            draw.Some(() =>
            {
                var line = draw.Text("ab", 0, 3);
                var tooLong = string.Concat(draw.Some(() => draw.Text("ab", 4, 9) + "\r\n"));
                return (Encoding.ASCII.GetBytes("T" + tooLong + line + "\r\n"), (string?)("T" + line));
            })) with { Discards = true };

    private static FramingCase Resp(FramingDraw draw) =>
        FramingCase.Of(
            "RESP",
            new RespFraming(new() { MaxLine = 40, MaxBulk = 60, MaxItems = 100, MaxNesting = 5 }).Select(value => Convert.ToHexString(RespDraw.Wire(value))),
            draw.Some(() => RespDraw.Wire(RespDraw.Value(draw)) is var wire ? (wire, (string?)Convert.ToHexString(wire)) : default));

    private static FramingCase ProxyHeaders(FramingDraw draw) => FramingCase.Of(
        "PROXY headers",
        ProxyProtocol.Headers().Select(static header => Convert.ToHexString(ProxyProtocol.Headers().Encode(header).Span)),
        draw.Some(() => ProxyDraw.Wire(draw) is var wire ? (wire, (string?)Convert.ToHexString(wire)) : default));

    private static FramingCase SetCommand(FramingDraw draw) =>
        FramingCase.Of(
            "set command",
            from header in Framing.UntilEol(maxLength: 512)
            where int.TryParse(header.TrimEol().Span, NumberStyles.None, null, out var length) && length <= 30
            from body in Framing.Bytes(int.Parse(header.TrimEol().Span, CultureInfo.InvariantCulture))
            from end in Framing.Literal("\r\n")
            select Convert.ToHexString(body.Span),
            draw.Some(() =>
            {
                var body = draw.Bytes(draw.Number(0, 30));
                byte[] wire = [.. Encoding.ASCII.GetBytes($"{body.Length}\r\n"), .. body, .. "\r\n"u8];
                return (wire, (string?)Convert.ToHexString(body));
            }));

    private static FramingCase Dispatch(FramingDraw draw) =>
        FramingCase.Of(
            "dispatch",
            Framing.Bytes(1).SelectMany(kind => kind.Span[0] switch
            {
                (byte)'n' => Framing.Varint().Select(Invariant),
                (byte)'l' => Framing.Lines(),
                (byte)'0' => Framing.Return("nothing"),
                var other => Framing.Fail<string>($"Kind {other} is not known."),
            }),
            draw.Some(() => draw.Number(0, 2) switch
            {
                0 => ("0"u8.ToArray(), (string?)"nothing"),
                1 => ("lab\n"u8.ToArray(), "ab"),
                _ => VarintFrame(draw) is var (wire, number) ? ([(byte)'n', .. wire], number) : default,
            }));

    private static FramingCase Alternatives(FramingDraw draw) =>
        FramingCase.Of(
            "alternatives",
            Framing.Literal("aab").Select(_ => "literal")
                .Or(from head in Framing.Bytes(2) from rest in Framing.Literal("c") select "grammar")
                .Or(Framing.Until("d", maxLength: 5).Select(frame => frame.ToText())),
            draw.Some(() => draw.Number(0, 2) switch
            {
                0 => ("aab"u8.ToArray(), (string?)"literal"),
                1 => ("xyc"u8.ToArray(), "grammar"),
                _ => ("aaaxyd"u8.ToArray(), "aaaxyd"),
            }));

    private static FramingCase Conditions(FramingDraw draw) =>
        FramingCase.Of(
            "conditions",
            from number in Framing.Varint() where number % 2 == 0 select Invariant(number),
            draw.Some(() => (new[] { (byte)(2 * draw.Number(0, 63)) }, (string?)null))
                .Select(frame => (frame.Item1, (string?)Invariant(frame.Item1[0]))));

    private static FramingCase Items(FramingDraw draw) =>
        FramingCase.Of(
            "counted items",
            Framing.Bytes(1).SelectMany(count => ItemsOf(count.Span[0] % 8)),
            draw.Some(() =>
            {
                var items = draw.Some(() => VarintFrame(draw));
                byte[] wire = [(byte)items.Length, .. items.SelectMany(item => item.Item1)];
                return (wire, (string?)string.Concat(items.Select(item => item.Item2 + ";")));
            }));

    private static FramingCase Nested(FramingDraw draw) =>
        FramingCase.Of("brackets", Brackets(), draw.Some(() =>
        {
            var text = new string('(', draw.Number(0, 9)) is var open ? open + "." + new string(')', open.Length) : "";
            return (Encoding.ASCII.GetBytes(text), (string?)text);
        }));

    private static FramingCase Counted(FramingDraw draw) =>
        FramingCase.Of("counted", Framing.Many(Item, Framing.Varint()).Select(Joined), draw.Some(() =>
        {
            var items = draw.Some(() => draw.Text("ab", 0, 3));
            return ((byte[])[(byte)items.Length, .. items.SelectMany(WireOf)], (string?)Joined(items));
        }));

    private static FramingCase UpToTheLast(FramingDraw draw) =>
        FramingCase.Of("up to the last", Framing.Many(Item, static item => item.Length == 0).Select(Joined), draw.Some(() =>
        {
            string[] items = [.. draw.Some(() => draw.Text("ab", 1, 3)), ""];
            return (items.SelectMany(WireOf).ToArray(), (string?)Joined(items));
        }));

    private static FramingCase UpToTheEnd(FramingDraw draw) =>
        FramingCase.Of("up to the end", Framing.Many(Item, "aa\n"u8).Select(Joined), draw.Some(() =>
        {
            string[] items = [.. draw.Some(() => draw.Text("ab", 0, 3)).Where(item => item != "aa")];
            return ((byte[])[.. items.SelectMany(WireOf), .. "aa\n"u8], (string?)Joined(items));
        }));

    private static FramingCase Within(FramingDraw draw) =>
        FramingCase.Of("within", Framing.Many(Item, Framing.LengthPrefixed(size: 1)).Select(Joined), draw.Some(() =>
        {
            var items = draw.Some(() => draw.Text("ab", 0, 3));
            byte[] frame = [.. items.SelectMany(WireOf)];
            return ((byte[])[(byte)frame.Length, .. frame], (string?)Joined(items));
        }));

    // Made of others, and no codec.
    private static Framing<string> Item => from text in Framing.UntilEol(allowLoneLf: true) from nothing in Framing.Return(0) select text.TrimEol().ToText();

    private static byte[] WireOf(string item) => Encoding.ASCII.GetBytes(item + "\n");

    private static string Joined(IEnumerable<string> items) => string.Concat(items.Select(item => item + "|"));

    /// <summary>A grammar that recurses as deep as the bytes say.</summary>
    internal static Framing<string> Brackets() =>
        Framing.Literal(".").Select(_ => ".").Or(
            from open in Framing.Literal("(")
            from inner in Brackets()
            from close in Framing.Literal(")")
            select $"({inner})");

    private static Framing<string> ItemsOf(int count) =>
        count == 0
            ? Framing.Return("")
            : from item in Framing.Varint() from rest in ItemsOf(count - 1) select Invariant(item) + ";" + rest;

    private static FramingCase Whole(string name, Framing<ReadOnlyMemory<byte>> framing, byte[][] frames) =>
        FramingCase.Of(name, framing, frames.Select(frame => (frame, (byte[]?)frame)));

    private static FramingCase Short(
        string name, Framing<ReadOnlyMemory<byte>> framing, int maxLength, int delimiter, byte[][] frames) =>
        FramingCase.Of(
            name, framing, frames.Select(frame => (frame, frame.Length - delimiter > maxLength ? null : frame)))
            with { Discards = true };

    private static (byte[], string?) VarintFrame(FramingDraw draw)
    {
        var (number, wire) = (draw.Integer(), new List<byte>());
        for (var rest = number; ; rest >>= 7)
        {
            wire.Add((byte)(rest < 0x80 ? rest : (rest & 0x7F) | 0x80));
            if (rest < 0x80)
            {
                return (wire.ToArray(), Invariant(number));
            }
        }
    }

    private static string Invariant(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
