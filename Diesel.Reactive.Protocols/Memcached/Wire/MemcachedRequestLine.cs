using System.Buffers;
using System.Buffers.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>Writes the lines of meta commands.</summary>
internal static class MemcachedRequestLine
{
    private const int LongestNumber = 21;

    /// <summary><c>mg key</c>, and <c>b</c> where the key is base64.</summary>
    public static void Begin(IBufferWriter<byte> output, ReadOnlySpan<byte> command, in MemcachedKey key, int? size = null)
    {
        output.Write(command);
        output.Write(" "u8);
        key.Write(output);
        if (size is { } count)
        {
            output.Write(" "u8);
            Number(output, (ulong)count);
        }

        if (key.IsBase64)
        {
            output.Write(" b"u8);
        }
    }

    /// <summary>A flag with a number.</summary>
    public static void Flag(IBufferWriter<byte> output, char letter, ulong number)
    {
        Flag(output, letter);
        Number(output, number);
    }

    /// <inheritdoc cref="Flag(IBufferWriter{byte}, char, ulong)"/>
    public static void Flag(IBufferWriter<byte> output, char letter, long number)
    {
        Flag(output, letter);
        var span = output.GetSpan(LongestNumber);
        Utf8Formatter.TryFormat(number, span, out var length);
        output.Advance(length);
    }

    /// <summary>A flag alone.</summary>
    public static void Flag(IBufferWriter<byte> output, char letter)
    {
        var span = output.GetSpan(2);
        (span[0], span[1]) = ((byte)' ', (byte)letter);
        output.Advance(2);
    }

    public static void End(IBufferWriter<byte> output) => output.Write("\r\n"u8);

    public static void Number(IBufferWriter<byte> output, ulong number)
    {
        var span = output.GetSpan(LongestNumber);
        Utf8Formatter.TryFormat(number, span, out var length);
        output.Advance(length);
    }
}
