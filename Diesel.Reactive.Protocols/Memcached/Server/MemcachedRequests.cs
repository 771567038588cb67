namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>Requests that came together.</summary>
/// <remarks>A decoder has one, and fills it again when it is asked for the next.</remarks>
internal sealed class MemcachedRequests
{
    /// <summary>How many there are at most.</summary>
    public const int Most = 128;

    private readonly (MemcachedRequestKind Kind, int From, int Head, int BodyFrom, int Body)[] _places = new (MemcachedRequestKind, int, int, int, int)[Most];
    private ReadOnlyMemory<byte> _bytes;

    public int Count { get; private set; }

    public bool IsFull => Count == Most;

    public MemcachedRequest this[int index]
    {
        get
        {
            ref readonly var place = ref _places[index];
            return new(place.Kind, _bytes.Slice(place.From, place.Head), _bytes.Slice(place.BodyFrom, place.Body));
        }
    }

    public void Begin(ReadOnlyMemory<byte> bytes) => (_bytes, Count) = (bytes, 0);

    public void Add(MemcachedRequestKind kind, int from, int head, int bodyFrom = 0, int body = 0) => _places[Count++] = (kind, from, head, bodyFrom, body);
}
