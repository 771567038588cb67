using System.Buffers.Binary;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>The first 24 bytes of a request of the binary protocol.</summary>
/// <remarks>Source: memcached's <c>doc/protocol-binary.txt</c>.</remarks>
internal readonly struct BinaryHeader(ReadOnlySpan<byte> bytes)
{
    public const byte Magic = 0x80;
    public const int Length = 24;
    public const int MostExtras = 20;

    public byte Operation { get; } = bytes[1];

    /// <summary>Whether it stores whatever is there.</summary>
    public bool IsSet => Operation is 0x01 or 0x11;

    public int KeyLength { get; } = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);

    public int ExtrasLength { get; } = bytes[4];

    public long BodyLength { get; } = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]);

    public uint Opaque { get; } = BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]);

    public ulong Cas { get; } = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);

    /// <summary>Whether its lengths fit each other: nobody knows where the next one begins otherwise.</summary>
    public bool IsSound => KeyLength + ExtrasLength <= BodyLength && KeyLength <= MemcachedKey.MostWritten && ExtrasLength <= MostExtras;
}
