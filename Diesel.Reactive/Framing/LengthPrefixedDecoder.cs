using System.Buffers.Binary;

namespace Diesel.Reactive;

/// <summary>The numbers of a length-prefixed layout, checked by the factory.</summary>
internal sealed record LengthLayout(int Size, bool LittleEndian, int Offset, int Adjustment, int Strip, int MaxLength);

internal sealed class LengthPrefixedDecoder(LengthLayout layout) : Decoder<ReadOnlyMemory<byte>>
{
    private const int Unknown = -1;

    // The whole frame's bytes, once its length field has arrived.
    private int _whole = Unknown;

    public override bool TryDecode(ReadOnlyMemory<byte> buffer, out ReadOnlyMemory<byte> frame, out int consumed)
    {
        frame = default;
        consumed = 0;
        if (_whole == Unknown && buffer.Length >= layout.Offset + layout.Size)
        {
            _whole = WholeLength(ReadLength(buffer.Span.Slice(layout.Offset, layout.Size)));
        }

        if (_whole == Unknown || buffer.Length < _whole)
        {
            return false;
        }

        consumed = _whole;
        frame = buffer[layout.Strip.._whole];
        _whole = Unknown;
        return true;
    }

    public override int Missing(int buffered) => (_whole == Unknown ? layout.Offset + layout.Size : _whole) - buffered;

    // The field is the peer's and may hold anything: every sum is made in a type it cannot overflow.
    private int WholeLength(ulong length)
    {
        var behind = (Int128)length + layout.Adjustment;
        if (behind < 0)
        {
            throw new ProtocolException(
                $"A length field of {length} arrived, the frame's shortest is {-(long)layout.Adjustment}.");
        }

        if (behind > layout.MaxLength)
        {
            throw new FrameTooLongException((long)Int128.Min(behind, long.MaxValue), layout.MaxLength);
        }

        var whole = layout.Offset + layout.Size + (int)behind;
        return whole >= layout.Strip
            ? whole
            : throw new ProtocolException(
                $"A frame of {whole} bytes arrived, shorter than the {layout.Strip} bytes to strip from it.");
    }

    private ulong ReadLength(ReadOnlySpan<byte> field)
    {
        Span<byte> wide = stackalloc byte[sizeof(ulong)];
        wide.Clear();
        if (layout.LittleEndian)
        {
            field.CopyTo(wide);
            return BinaryPrimitives.ReadUInt64LittleEndian(wide);
        }

        field.CopyTo(wide[(sizeof(ulong) - field.Length)..]);
        return BinaryPrimitives.ReadUInt64BigEndian(wide);
    }
}
