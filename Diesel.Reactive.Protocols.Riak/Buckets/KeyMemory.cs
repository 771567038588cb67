namespace Diesel.Reactive.Protocols.Riak;

/// <summary>What a bucket remembers of its keys. The hub's thread only.</summary>
/// <typeparam name="T">The values.</typeparam>
internal sealed class KeyMemory<T>(int most)
{
    private readonly Dictionary<string, LinkedListNode<Remembered>> _keys = [];
    private readonly LinkedList<Remembered> _byUse = [];

    /// <summary>How many.</summary>
    public int Count => _keys.Count;

    /// <summary>What is known of a key, made if nothing is.</summary>
    public Remembered Of(string key)
    {
        if (_keys.TryGetValue(key, out var known))
        {
            _byUse.Remove(known);
            _byUse.AddLast(known);
            return known.Value;
        }

        var entry = new Remembered(key);
        _keys.Add(key, _byUse.AddLast(entry));
        if (_keys.Count > most && _byUse.First is { } oldest)
        {
            _byUse.RemoveFirst();
            _keys.Remove(oldest.Value.Key);
        }

        return entry;
    }

    /// <summary>A key.</summary>
    internal sealed class Remembered(string key)
    {
        public string Key => key;

        /// <summary>What was seen last; null: nothing.</summary>
        public Bytes? VClock { get; set; }

        /// <summary>The resolution that is under way, or was last.</summary>
        public Resolution<T>? Resolution { get; set; }
    }
}

/// <summary>A decision between the siblings of a key, for all who ask for it.</summary>
/// <typeparam name="T">The values.</typeparam>
/// <param name="vclock">What names the conflict.</param>
internal sealed class Resolution<T>(Bytes? vclock)
{
    /// <summary>Its value, when it is stored.</summary>
    public required Task<T?> Outcome { get; set; }

    /// <summary>When it was over, in the bucket's own counting; null: it is not.</summary>
    public long? Ended { get; set; }

    /// <summary>Whether it is a decision of what was read then.</summary>
    /// <param name="seen">What was read.</param>
    /// <param name="began">When the reading began.</param>
    public bool Decides(Bytes? seen, long began) => seen == vclock && (Ended is null || Ended > began);
}
