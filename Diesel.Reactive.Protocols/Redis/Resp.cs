using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Makes values of the Redis serialization protocol: what a server replies.</summary>
public static class Resp
{
    /// <summary>Letters before the colon of a verbatim text.</summary>
    internal const int FormatLength = 3;

    /// <summary>Nothing.</summary>
    public static RespValue Null => default;

    /// <summary>A line of text.</summary>
    /// <param name="text">Without line ends.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentException"><paramref name="text"/> has a line end.</exception>
    public static RespValue Simple(string text) => Text(RespKind.SimpleString, Line(text));

    /// <summary>The server says no.</summary>
    /// <param name="text">Its code, a space, and what is wrong; without line ends.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentException"><paramref name="text"/> has a line end.</exception>
    public static RespValue Error(string text) => Text(RespKind.Error, Line(text));

    /// <summary>A whole number.</summary>
    /// <param name="number">Any.</param>
    /// <returns>The value.</returns>
    public static RespValue Integer(long number) => new(RespKind.Integer, null, number);

    /// <summary>Bytes.</summary>
    /// <param name="bytes">May be empty.</param>
    /// <returns>The value.</returns>
    public static RespValue Bulk(Bytes bytes) => Text(RespKind.BulkString, bytes);

    /// <summary>A number with a decimal point.</summary>
    /// <param name="number">May be infinite or none.</param>
    /// <returns>The value.</returns>
    public static RespValue Double(double number) => new(RespKind.Double, null, BitConverter.DoubleToInt64Bits(double.IsNaN(number) ? double.NaN : number));

    /// <summary>True or false.</summary>
    /// <param name="truth">Which.</param>
    /// <returns>The value.</returns>
    public static RespValue Boolean(bool truth) => new(RespKind.Boolean, null, truth ? 1 : 0);

    /// <summary>The server says no, in any bytes.</summary>
    /// <param name="text">Its code, a space, and what is wrong.</param>
    /// <returns>The value.</returns>
    public static RespValue BulkError(Bytes text) => Text(RespKind.BulkError, text);

    /// <summary>Text with the name of its format.</summary>
    /// <param name="format">Three letters: <c>txt</c>, <c>mkd</c>.</param>
    /// <param name="text">The text.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentException"><paramref name="format"/> is no three letters.</exception>
    public static RespValue Verbatim(string format, Bytes text)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format.Length == FormatLength && Ascii.IsValid(format)
            ? Text(RespKind.Verbatim, (byte[])[.. Encoding.ASCII.GetBytes(format), (byte)':', .. text.Span])
            : throw new ArgumentException("The format of a verbatim string is three letters.", nameof(format));
    }

    /// <summary>A whole number of any size.</summary>
    /// <param name="number">Any.</param>
    /// <returns>The value.</returns>
    public static RespValue BigNumber(BigInteger number) => Text(RespKind.BigNumber, Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Values in order.</summary>
    /// <param name="items">May be empty.</param>
    /// <returns>The value.</returns>
    public static RespValue Array(params ReadOnlySpan<RespValue> items) => new(RespKind.Array, items.ToArray(), 0);

    /// <summary>Pairs.</summary>
    /// <param name="pairs">Keys and values.</param>
    /// <returns>The value.</returns>
    public static RespValue Map(params ReadOnlySpan<(RespValue Key, RespValue Value)> pairs)
    {
        var items = new RespValue[2 * pairs.Length];
        for (var i = 0; i < pairs.Length; i++)
        {
            (items[2 * i], items[(2 * i) + 1]) = pairs[i];
        }

        return new(RespKind.Map, items, 0);
    }

    /// <summary>Values without order.</summary>
    /// <param name="items">May be empty.</param>
    /// <returns>The value.</returns>
    public static RespValue Set(params ReadOnlySpan<RespValue> items) => new(RespKind.Set, items.ToArray(), 0);

    /// <summary>What a server says unasked.</summary>
    /// <param name="items">The first names it.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static RespValue Push(params ReadOnlySpan<RespValue> items) => items.Length > 0
        ? new(RespKind.Push, items.ToArray(), 0)
        : throw new ArgumentException("A push has a name.", nameof(items));

    /// <summary>A text of some kind, which is not copied.</summary>
    internal static RespValue Text(RespKind kind, ReadOnlyMemory<byte> bytes)
    {
        var segment = MemoryMarshal.TryGetArray(bytes, out var there) && there.Array is not null ? there : new ArraySegment<byte>(bytes.ToArray());
        return Text(kind, segment.Array!, segment.Offset, segment.Count);
    }

    internal static RespValue Text(RespKind kind, byte[] array, int start, int length) => new(kind, array, ((long)start << 32) | (uint)length);

    private static ReadOnlyMemory<byte> Line(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.AsSpan().ContainsAny('\r', '\n')
            ? throw new ArgumentException("A line has no line end within: take a bulk string or a bulk error.", nameof(text))
            : Encoding.UTF8.GetBytes(text);
    }
}
