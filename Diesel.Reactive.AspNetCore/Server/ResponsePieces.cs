namespace Diesel.Reactive.AspNetCore;

/// <summary>What an application has written and nobody has sent: where it lies, in its order.</summary>
internal struct ResponsePieces()
{
    private List<ReadOnlyMemory<byte>> _kept = [];
    private List<ReadOnlyMemory<byte>> _spare = [];

    /// <summary>How many bytes they are.</summary>
    public long Bytes;

    public void Add(ReadOnlyMemory<byte> bytes)
    {
        _kept.Add(bytes);
        Bytes += bytes.Length;
    }

    /// <summary>Takes all.</summary>
    /// <returns>A list that is to be empty when the next is taken.</returns>
    public List<ReadOnlyMemory<byte>> Take()
    {
        var taken = _kept;
        (_kept, _spare, Bytes) = (_spare, taken, 0);
        return taken;
    }

    public void Clear()
    {
        _kept.Clear();
        Bytes = 0;
    }
}
