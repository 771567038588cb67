namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What was read and is kept, or is being read: then it is kept only if its keys have not changed meanwhile. The hub's thread only.</summary>
internal sealed class CacheEntry(Bytes query, Bytes[] keys)
{
    private const int Overhead = 500;

    public Bytes Query => query;

    public Bytes[] Keys => keys;

    /// <summary>Whether a key has changed, or may have.</summary>
    public bool IsSpoiled { get; set; }

    /// <summary>Its place in the line of those that go for want of room; null: it is not kept.</summary>
    public LinkedListNode<CacheEntry>? Place { get; set; }

    public RespValue Reply { get; private set; }

    public TimeSpan KeptSince { get; private set; }

    public long Bytes { get; private set; }

    public void Keep(RespValue reply, TimeSpan now)
    {
        Bytes = Overhead + query.Length + keys.Sum(static key => (long)key.Length);
        Reply = Compact(reply);
        KeptSince = now;
    }

    // What came refers to the block it came in, which is not to be held for long.
    private RespValue Compact(RespValue value)
    {
        if (value.Kind >= RespKind.Array)
        {
            var items = value.Items;
            var copies = new RespValue[items.Length];
            Bytes += 24L * items.Length;
            for (var i = 0; i < copies.Length; i++)
            {
                copies[i] = Compact(items[i]);
            }

            return new RespValue(value.Kind, copies, 0);
        }

        if (value.Kind is RespKind.Null or RespKind.Integer or RespKind.Double or RespKind.Boolean)
        {
            return new RespValue(value.Kind, null, value.Bits);
        }

        var text = value.Raw;
        Bytes += 24 + text.Length;
        return Resp.Text(value.Kind, text.ToArray(), 0, text.Length);
    }
}
