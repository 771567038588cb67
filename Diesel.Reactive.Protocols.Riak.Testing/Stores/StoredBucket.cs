using Diesel.Reactive.Protocols.Riak.Messages;

namespace Diesel.Reactive.Protocols.Riak.Testing;

/// <summary>A bucket of a type.</summary>
internal sealed class StoredBucket(RpbBucketProps type)
{
    public SortedDictionary<Bytes, StoredKey> Keys { get; } = [];

    public Dictionary<Bytes, StoredType> Types { get; } = [];

    public Dictionary<Bytes, long> Counters { get; } = [];

    /// <summary>What holds of it, beyond what holds of its type.</summary>
    public RpbBucketProps Own { get; set; } = new();

    /// <summary>All that holds of it.</summary>
    public RpbBucketProps Props
    {
        get
        {
            var all = type.Clone();
            all.MergeFrom(Own);
            return all;
        }
    }

    public bool KeepsSiblings => (Own.HasAllowMult ? Own : type).AllowMult;

    public bool HasAny => Types.Count > 0 || Counters.Count > 0 || Keys.Values.Any(static one => !one.IsTombstone);
}
