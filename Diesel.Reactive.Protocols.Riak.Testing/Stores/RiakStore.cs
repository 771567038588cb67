using Diesel.Reactive.Protocols.Riak.Messages;
using Google.Protobuf;

namespace Diesel.Reactive.Protocols.Riak.Testing;

/// <summary>All buckets. The hub's thread only.</summary>
internal sealed class RiakStore
{
    private readonly Dictionary<(Bytes Type, Bytes Name), StoredBucket> _buckets = [];
    private readonly Dictionary<Bytes, RpbBucketProps> _types;
    private ulong _last;

    public RiakStore(RiakServiceOptions options) => _types = options.Types.ToDictionary(static one => (Bytes)one.Key, static one =>
    {
        var props = new RpbBucketProps { NVal = 3, AllowMult = false, LastWriteWins = false, R = Quorum.Majority.Number, W = Quorum.Majority.Number };
        props.MergeFrom(PropertyMessages.Of(one.Value));
        return props;
    });

    public ulong NextDot() => ++_last;

    /// <exception cref="RiakErrorException">There is no such type.</exception>
    public RpbBucketProps Type(ByteString type) => _types.GetValueOrDefault(type.IsEmpty ? "default" : type.ToBytes()) ?? throw new RiakErrorException("no_type");

    /// <exception cref="RiakErrorException">There is no such type.</exception>
    public StoredBucket Bucket(ByteString type, ByteString name)
    {
        var key = (type.IsEmpty ? "default" : type.ToBytes(), name.ToBytes());
        if (!_buckets.TryGetValue(key, out var bucket))
        {
            _buckets.Add(key, bucket = new(Type(type)));
        }

        return bucket;
    }

    /// <summary>The buckets of a type that have keys.</summary>
    public IEnumerable<Bytes> Names(ByteString type)
    {
        var of = type.IsEmpty ? "default" : type.ToBytes();
        return _buckets.Where(one => one.Key.Type == of && one.Value.HasAny).Select(static one => one.Key.Name).Order();
    }
}
