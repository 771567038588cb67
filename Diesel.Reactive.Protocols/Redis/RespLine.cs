using System.Buffers.Text;
using System.Text;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What a line of the protocol says.</summary>
internal static class RespLine
{
    /// <summary>What a line is.</summary>
    /// <param name="type">Its first byte: of none that announces something.</param>
    /// <param name="array">Where it lies.</param>
    /// <param name="start">From where on, without the first byte.</param>
    /// <param name="line">The same.</param>
    /// <exception cref="ProtocolException">It is not what its type says.</exception>
    public static RespValue Scalar(char type, byte[] array, int start, ReadOnlySpan<byte> line) => type switch
    {
        '+' => Resp.Text(RespKind.SimpleString, array, start, line.Length),
        '-' => Resp.Text(RespKind.Error, array, start, line.Length),
        ':' => Utf8Parser.TryParse(line, out long number, out var used) && used == line.Length
            ? Resp.Integer(number)
            : throw Wrong("is no whole number of 64 bits", line),
        ',' => RespDouble.TryParse(line, out var number) ? Resp.Double(number) : throw Wrong("is no number", line),
        '#' => line is [(byte)'t'] or [(byte)'f'] ? Resp.Boolean(line[0] == 't') : throw Wrong("is not true or false", line),
        '(' => IsWhole(line) ? Resp.Text(RespKind.BigNumber, array, start, line.Length) : throw Wrong("is no whole number", line),
        _ => line.IsEmpty ? Resp.Null : throw Wrong("is not nothing", line),
    };

    private static bool IsWhole(ReadOnlySpan<byte> line)
    {
        var digits = line is [(byte)'+' or (byte)'-', ..] ? line[1..] : line;
        return digits.Length > 0 && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <summary>A length, or a count: a digit, to begin with, so no sign, and no '?' of the streamed forms.</summary>
    /// <exception cref="ProtocolException">It is none.</exception>
    public static long Count(ReadOnlySpan<byte> line, string what) =>
        line is [>= (byte)'0' and <= (byte)'9', ..] && Utf8Parser.TryParse(line, out long count, out var used) && used == line.Length
            ? count
            : throw Wrong(line is [(byte)'?'] ? $"is a streamed form, which is not taken, and no {what}" : $"is no {what}", line);

    /// <summary>A value has begun.</summary>
    /// <exception cref="ProtocolException">There is no such type.</exception>
    public static void RefuseUnknown(char type)
    {
        if (!"+-:$*_,#!=(%~>|".Contains(type))
        {
            throw new ProtocolException($"A value began with the byte 0x{(int)type:x2}, which is no type of the protocol: is the peer a Redis server without TLS?");
        }
    }

    private static ProtocolException Wrong(string how, ReadOnlySpan<byte> line)
    {
        const int MostShown = 40;
        var text = Encoding.Latin1.GetString(line[..Math.Min(line.Length, MostShown)]);
        return new($"'{string.Concat(text.Select(c => c is >= ' ' and <= '~' ? $"{c}" : $"\\x{(int)c:x2}"))}{(line.Length > MostShown ? "…" : "")}' {how}.");
    }
}
