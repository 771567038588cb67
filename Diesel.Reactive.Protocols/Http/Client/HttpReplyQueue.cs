namespace Diesel.Reactive.Protocols.Http;

/// <summary>Pieces of a body that wait for their reader; mostly there is one.</summary>
internal struct HttpReplyQueue
{
    private ReadOnlyMemory<byte> _first;
    private Queue<ReadOnlyMemory<byte>>? _others;

    public long Length { get; private set; }

    public readonly bool IsEmpty => Length == 0;

    public void Add(ReadOnlyMemory<byte> bytes)
    {
        if (Length == 0)
        {
            _first = bytes;
        }
        else if (bytes.Length > 0)
        {
            (_others ??= new()).Enqueue(bytes);
        }

        Length += bytes.Length;
    }

    public bool TryTake(out ReadOnlyMemory<byte> bytes)
    {
        bytes = _first;
        if (Length == 0)
        {
            return false;
        }

        Length -= bytes.Length;
        _first = _others is { Count: > 0 } others ? others.Dequeue() : default;
        return true;
    }

    /// <summary>Takes what there is, if it is in one piece; nothing is a piece, too.</summary>
    public bool TryTakeOnly(out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        if (_others is { Count: > 0 })
        {
            return false;
        }

        TryTake(out bytes);
        return true;
    }
}
