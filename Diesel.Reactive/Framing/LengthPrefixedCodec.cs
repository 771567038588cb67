using System.Buffers;
using System.Buffers.Binary;

namespace Diesel.Reactive;

internal sealed class LengthPrefixedCodec(LengthLayout layout) : Codec<ReadOnlyMemory<byte>>
{
    private readonly int _header = layout.Offset + layout.Size;

    public override Decoder<ReadOnlyMemory<byte>> CreateDecoder() => new LengthPrefixedDecoder(layout);

    public override void Encode(ReadOnlyMemory<byte> value, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Span<byte> wide = stackalloc byte[sizeof(ulong)];
        var field = WriteLength(LengthOf(value), wide);
        ThrowIfOther(value.Span, field);

        var whole = layout.Strip + value.Length;
        var bytes = output.GetSpan(whole);
        bytes[..layout.Strip].Clear();
        value.Span.CopyTo(bytes[layout.Strip..]);
        field.CopyTo(bytes[layout.Offset..]);
        output.Advance(whole);
    }

    private long LengthOf(ReadOnlyMemory<byte> value)
    {
        var behind = (long)layout.Strip + value.Length - _header;
        if (behind < 0)
        {
            throw new ArgumentException($"A frame of {value.Length} bytes is shorter than the header it begins with.", nameof(value));
        }

        if (behind > layout.MaxLength)
        {
            throw new ArgumentException($"A frame of {behind} bytes is longer than the limit of {layout.MaxLength}, its header excluded.", nameof(value));
        }

        var length = behind - layout.Adjustment;
        return length >= 0 && (layout.Size == sizeof(ulong) || length >> (8 * layout.Size) == 0)
            ? length
            : throw new ArgumentException($"A length of {length} does not fit into the {layout.Size} bytes of its field.", nameof(value));
    }

    private Span<byte> WriteLength(long length, Span<byte> wide)
    {
        if (layout.LittleEndian)
        {
            BinaryPrimitives.WriteInt64LittleEndian(wide, length);
            return wide[..layout.Size];
        }

        BinaryPrimitives.WriteInt64BigEndian(wide, length);
        return wide[^layout.Size..];
    }

    // A frame that keeps its length field says itself how long it is.
    private void ThrowIfOther(ReadOnlySpan<byte> value, ReadOnlySpan<byte> field)
    {
        var from = Math.Max(layout.Strip, layout.Offset);
        if (from < _header && !value[(from - layout.Strip)..(_header - layout.Strip)].SequenceEqual(field[(from - layout.Offset)..]))
        {
            throw new ArgumentException(
                $"The frame's length field is to be {Convert.ToHexString(field)}; it holds something else in these places.", nameof(value));
        }
    }
}
