namespace Diesel.Reactive.Protocols.Http;

/// <summary>What has come of a message that is wanted whole.</summary>
/// <remarks>A mutable struct: keep it in a field that is not readonly.</remarks>
internal struct GatheredMessage
{
    private const int Least = 4096;

    private byte[]? _bytes;

    /// <summary>How many bytes.</summary>
    public int Count { get; private set; }

    /// <summary>Some more.</summary>
    /// <param name="bytes">All together within the limit.</param>
    /// <param name="limit">What it may grow to.</param>
    public void Add(ReadOnlySpan<byte> bytes, int limit)
    {
        if (_bytes is null || _bytes.Length - Count < bytes.Length)
        {
            var grown = GC.AllocateUninitializedArray<byte>((int)Math.Max(Math.Min(Math.Max(2L * Count, Least), limit), (long)Count + bytes.Length));
            _bytes.AsSpan(0, Count).CopyTo(grown);
            _bytes = grown;
        }

        bytes.CopyTo(_bytes.AsSpan(Count));
        Count += bytes.Length;
    }

    /// <summary>All of it; nothing is left.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        var all = _bytes.AsMemory(0, Count);
        (_bytes, Count) = (null, 0);
        return all;
    }
}
