using System.Buffers.Binary;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Writes the fields of one message after the other into bytes that it keeps.</summary>
/// <param name="shortens">Whether names may point to where they stood before.</param>
internal sealed class DnsWriter(bool shortens = true)
{
    private const int MaxPointer = 0x3FFF;

    // Where the ends of names stand that were written, by hash: two that share one are compared, and at worst not shortened.
    private readonly Dictionary<int, ushort> _ends = [];
    private byte[] _bytes = new byte[512];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Begins a new message.</summary>
    public void Clear()
    {
        Length = 0;
        if (_ends.Count > 0)
        {
            _ends.Clear();
        }
    }

    /// <summary>Takes back what was written from there on.</summary>
    public void CutTo(int length) => Length = length;

    public void U8(int value) => Room(1)[0] = (byte)value;

    public void U16(int value) => BinaryPrimitives.WriteUInt16BigEndian(Room(2), (ushort)value);

    public void U32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Room(4), value);

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Room(bytes.Length));

    /// <summary>A <c>character-string</c>: a length and so many bytes (RFC 1035, section 3.3).</summary>
    public void Text(ReadOnlySpan<byte> bytes)
    {
        U8(bytes.Length);
        Bytes(bytes);
    }

    /// <summary>Overwrites two bytes.</summary>
    public void U16At(int at, int value) => BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(at), (ushort)value);

    /// <summary>A name as it is.</summary>
    public void Name(DnsName name) => Bytes(name.Wire);

    /// <summary>A name of which the end may stand somewhere before (RFC 1035, section 4.1.4): where RFC 3597, section 4, allows it.</summary>
    public void ShortName(DnsName name)
    {
        if (!shortens)
        {
            Name(name);
            return;
        }

        var wire = name.Wire;
        for (var at = 0; wire[at] != 0; at += wire[at] + 1)
        {
            var end = wire[at..];
            var hash = HashOf(end);
            if (_ends.TryGetValue(hash, out var before) && before < Length && StandsAt(before, end))
            {
                U16(0xC000 | before);
                return;
            }

            if (Length <= MaxPointer)
            {
                _ends[hash] = (ushort)Length;
            }

            Bytes(end[..(end[0] + 1)]);
        }

        U8(0);
    }

    private static int HashOf(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261u;
        foreach (var value in bytes)
        {
            hash = (hash ^ value) * 16777619;
        }

        return (int)hash;
    }

    // By the very bytes, so that a name comes back in the case it was sent in.
    private bool StandsAt(int at, ReadOnlySpan<byte> name)
    {
        while (true)
        {
            while (_bytes[at] >= 0xC0)
            {
                at = ((_bytes[at] & 0x3F) << 8) | _bytes[at + 1];
            }

            var length = _bytes[at] + 1;
            if (at + length > Length || name.Length < length || !_bytes.AsSpan(at, length).SequenceEqual(name[..length]))
            {
                return false;
            }

            if (length == 1)
            {
                return true;
            }

            at += length;
            name = name[length..];
        }
    }

    private Span<byte> Room(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }

        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
