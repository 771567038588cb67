namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>The words of a line, parted by spaces: any number of them.</summary>
internal ref struct MemcachedWords(ReadOnlySpan<byte> line)
{
    private ReadOnlySpan<byte> _rest = line;

    /// <summary>The present word; never empty after <see cref="MoveNext"/> was true.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    public bool MoveNext()
    {
        _rest = _rest.TrimStart((byte)' ');
        if (_rest.IsEmpty)
        {
            Current = default;
            return false;
        }

        var end = _rest.IndexOf((byte)' ');
        Current = end < 0 ? _rest : _rest[..end];
        _rest = _rest[Current.Length..];
        return true;
    }

    /// <summary>The next word, or nothing.</summary>
    public ReadOnlySpan<byte> Next() => MoveNext() ? Current : default;

    public readonly MemcachedWords GetEnumerator() => this;
}
