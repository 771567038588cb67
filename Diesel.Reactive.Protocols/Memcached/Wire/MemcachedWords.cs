namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>The words of a line, parted by spaces: any number of them.</summary>
internal ref struct MemcachedWords(ReadOnlySpan<byte> line)
{
    private ReadOnlySpan<byte> _rest = line;

    /// <summary>The present word; never empty after <see cref="MoveNext"/> was true.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>How many bytes are behind the present word.</summary>
    public readonly int Left => _rest.Length;

    public bool MoveNext()
    {
        var begin = 0;
        var rest = _rest;
        while (begin < rest.Length && rest[begin] == (byte)' ')
        {
            begin++;
        }

        rest = rest[begin..];
        var end = rest.IndexOf((byte)' ');
        end = end < 0 ? rest.Length : end;
        Current = rest[..end];
        _rest = rest[end..];
        return end > 0;
    }

    /// <summary>The next word, or nothing.</summary>
    public ReadOnlySpan<byte> Next() => MoveNext() ? Current : default;

    public readonly MemcachedWords GetEnumerator() => this;
}
