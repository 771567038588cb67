namespace Diesel.Reactive.Testing;

/// <summary>Bytes that have arrived and were not read yet, as they were sent.</summary>
internal sealed class ByteQueue
{
    private readonly Queue<ReadOnlyMemory<byte>> _parts = new();
    private int _taken;

    public int Length { get; private set; }

    public void Append(ReadOnlyMemory<byte> bytes)
    {
        _parts.Enqueue(bytes);
        Length += bytes.Length;
    }

    public void Clear()
    {
        _parts.Clear();
        (_taken, Length) = (0, 0);
    }

    /// <summary>The first bytes, which leave the queue. They are copied only when they were sent in parts.</summary>
    public ReadOnlyMemory<byte> Take(int count)
    {
        Length -= count;
        if (_parts.Peek().Length - _taken >= count)
        {
            return TakePart(count);
        }

        var joined = new byte[count];
        for (var filled = 0; filled < count;)
        {
            var part = TakePart(Math.Min(count - filled, _parts.Peek().Length - _taken));
            part.CopyTo(joined.AsMemory(filled));
            filled += part.Length;
        }

        return joined;
    }

    private ReadOnlyMemory<byte> TakePart(int count)
    {
        var head = _parts.Peek();
        var part = head.Slice(_taken, count);
        _taken += count;
        if (_taken == head.Length)
        {
            _parts.Dequeue();
            _taken = 0;
        }

        return part;
    }
}
