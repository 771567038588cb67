using System.Buffers;

namespace Diesel.Reactive;

/// <summary>Where the parts of a frame gather before they go out together, or not at all.</summary>
internal static class EncodedParts
{
    private const int MostKept = 65536;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _spare;

    public static void Encode<T>(Codec<T> codec, T value, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var parts = Take();
        try
        {
            codec.EncodePart(value, parts);
            output.Write(parts.WrittenSpan);
        }
        finally
        {
            GiveBack(parts);
        }
    }

    public static ReadOnlyMemory<byte> ToMemory<T>(Codec<T> codec, T value)
    {
        var parts = Take();
        try
        {
            codec.EncodePart(value, parts);
            return parts.WrittenSpan.ToArray();
        }
        finally
        {
            GiveBack(parts);
        }
    }

    // A codec of the user's may encode with another one: that takes one of its own.
    private static ArrayBufferWriter<byte> Take()
    {
        var parts = _spare ?? new ArrayBufferWriter<byte>();
        _spare = null;
        return parts;
    }

    private static void GiveBack(ArrayBufferWriter<byte> parts)
    {
        parts.ResetWrittenCount();
        if (parts.Capacity <= MostKept)
        {
            _spare = parts;
        }
    }
}
