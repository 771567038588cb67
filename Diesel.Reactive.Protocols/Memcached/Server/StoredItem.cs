namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>A key, its value and what is known of it, as a <see cref="IMemcachedStore"/> keeps it.</summary>
/// <remarks>Key and value are one array, which does not change: who reads a value may send it where it lies.</remarks>
public sealed class StoredItem
{
    // Two objects' heads and fields, and a place in the table.
    private const int Overhead = 120;

    private readonly byte[] _bytes;
    private readonly byte _keyLength;

    /// <summary>Makes an item.</summary>
    /// <param name="key">At most 250 bytes.</param>
    /// <param name="value">Two parts, one behind the other; each may be empty.</param>
    /// <param name="more">The second part.</param>
    /// <exception cref="ArgumentException">The key is longer.</exception>
    public StoredItem(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ReadOnlySpan<byte> more = default)
    {
        if (key.Length > MemcachedKey.MostWritten)
        {
            throw new ArgumentException($"A key has at most {MemcachedKey.MostWritten} bytes, this one has {key.Length}.", nameof(key));
        }

        _keyLength = (byte)key.Length;
        _bytes = GC.AllocateUninitializedArray<byte>(key.Length + value.Length + more.Length);
        key.CopyTo(_bytes);
        value.CopyTo(_bytes.AsSpan(key.Length));
        more.CopyTo(_bytes.AsSpan(key.Length + value.Length));
    }

    /// <summary>Its key.</summary>
    public ReadOnlySpan<byte> Key => _bytes.AsSpan(0, _keyLength);

    /// <summary>Its value.</summary>
    public ReadOnlyMemory<byte> Value => _bytes.AsMemory(_keyLength);

    /// <summary>How many bytes it is kept as, about.</summary>
    public int Size => _bytes.Length + Overhead;

    /// <summary>What was kept with it.</summary>
    public uint Flags { get; set; }

    /// <summary>Unique among all items there were.</summary>
    public ulong Cas { get; set; }

    /// <summary>When it is gone, as a Unix time in seconds; 0: never.</summary>
    public long Expires { get; set; }

    /// <summary>When it was read or stored last, as a Unix time in seconds.</summary>
    public long Used { get; set; }

    /// <summary>Whether it was read since it was stored.</summary>
    public bool IsFetched { get; set; }

    /// <summary>Whether it was marked as stale.</summary>
    public bool IsStale { get; set; }

    /// <summary>Whether somebody was told to compute a new one.</summary>
    public bool IsPromised { get; set; }

    /// <summary>Whether its key was given in base64.</summary>
    internal bool IsBinary { get; set; }

    internal StoredItem? Newer { get; set; }

    internal StoredItem? Older { get; set; }

    /// <summary>The next one of the same place in a table.</summary>
    internal StoredItem? Next { get; set; }

    internal uint Hash { get; set; }
}
