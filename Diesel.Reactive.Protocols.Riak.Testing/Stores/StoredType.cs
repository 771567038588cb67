using Google.Protobuf;

namespace Diesel.Reactive.Protocols.Riak.Testing;

/// <summary>A counter or a set.</summary>
/// <remarks>Members have the dot of when they were added last: a removal that has not seen it leaves them.</remarks>
internal sealed class StoredType
{
    public long Count { get; set; }

    public SortedDictionary<Bytes, ulong> Members { get; } = [];

    public ulong Last { get; set; }

    /// <summary>What was seen of it, by whoever reads it now.</summary>
    public ByteString Context => ByteString.CopyFrom(BitConverter.GetBytes(Last));
}
