using System.Buffers;
using System.Text;

namespace Diesel.Reactive;

internal sealed class LinesCodec(Encoding encoding, int maxLength, FrameOverflow overflow) : Codec<string>
{
    private readonly Framing<string> _lines =
        new DelimitedCodec([(byte)'\n'], maxLength, overflow, optionalCr: true).Select(line => Text(encoding, line.TrimEol().Span));

    public override Decoder<string> CreateDecoder() => _lines.CreateDecoder();

    public override void Encode(string value, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(output);
        var length = encoding.GetByteCount(value);
        if (length > maxLength)
        {
            throw new ArgumentException($"A line of {length} bytes is longer than the limit of {maxLength}, its end excluded.", nameof(value));
        }

        var bytes = output.GetSpan(length + 2);
        encoding.GetBytes(value, bytes);
        ThrowIfNotGivenBack(value, bytes[..length]);
        "\r\n"u8.CopyTo(bytes[length..]);
        output.Advance(length + 2);
    }

    private static string Text(Encoding encoding, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return encoding.GetString(bytes);
        }
        catch (DecoderFallbackException refused)
        {
            throw new ProtocolException($"A line arrived that is not {encoding.WebName}: {refused.Message}", refused);
        }
    }

    private void ThrowIfNotGivenBack(string value, ReadOnlySpan<byte> line)
    {
        if (line.Contains((byte)'\n'))
        {
            throw new ArgumentException("A line holds no line end.", nameof(value));
        }

        if (!IsText(line, value))
        {
            throw new ArgumentException($"The text has characters that {encoding.WebName} does not write.", nameof(value));
        }
    }

    private bool IsText(ReadOnlySpan<byte> bytes, string text)
    {
        if (encoding.GetCharCount(bytes) != text.Length)
        {
            return false;
        }

        var decoded = ArrayPool<char>.Shared.Rent(text.Length);
        encoding.GetChars(bytes, decoded);
        var same = decoded.AsSpan(0, text.Length).SequenceEqual(text);
        ArrayPool<char>.Shared.Return(decoded);
        return same;
    }
}
