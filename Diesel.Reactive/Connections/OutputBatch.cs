namespace Diesel.Reactive;

/// <summary>What is handed to a transport in one call: large writes where they lie, small ones gathered, as copying them costs
/// less than telling the system of each.</summary>
internal sealed class OutputBatch
{
    private const int Small = 2 * 1024;
    private const int MostSegments = 64;
    private const int MostGathered = 64 * 1024;

    private readonly ReadOnlyMemory<byte>[] _segments = new ReadOnlyMemory<byte>[MostSegments];
    private byte[]? _gathered;
    private int _used;
    private int _count;
    private bool _endsGathered;

    /// <summary>Bytes in it.</summary>
    public int Length { get; private set; }

    /// <summary>Adds bytes, unless it is full.</summary>
    public bool TryAdd(ReadOnlyMemory<byte> bytes)
    {
        if (!bytes.IsEmpty && !TryGather(bytes))
        {
            if (_count == MostSegments)
            {
                return false;
            }

            _segments[_count++] = bytes;
            _endsGathered = false;
        }

        Length += bytes.Length;
        return true;
    }

    /// <summary>Hands it over and empties it.</summary>
    /// <returns>How many bytes were taken.</returns>
    public int Send(ITransport transport)
    {
        var segments = new ReadOnlySpan<ReadOnlyMemory<byte>>(_segments, 0, _count);
        try
        {
            return _count switch
            {
                0 => 0,
                1 => transport.Send(segments[0].Span),
                _ => transport.Send(segments),
            };
        }
        finally
        {
            _segments.AsSpan(0, _count).Clear();
            (_count, _used, Length, _endsGathered) = (0, 0, 0, false);
        }
    }

    // Behind another small one; the first of them is moved only when a second follows.
    private bool TryGather(ReadOnlyMemory<byte> bytes)
    {
        if (_count == 0 || bytes.Length > Small || _segments[_count - 1] is var last && !_endsGathered && last.Length > Small)
        {
            return false;
        }

        if (_used + (_endsGathered ? 0 : last.Length) + bytes.Length > MostGathered)
        {
            return false;
        }

        _gathered ??= GC.AllocateUninitializedArray<byte>(MostGathered);
        if (!_endsGathered)
        {
            last.CopyTo(_gathered.AsMemory(_used));
            _segments[_count - 1] = _gathered.AsMemory(_used, last.Length);
            (_used, _endsGathered) = (_used + last.Length, true);
        }

        bytes.CopyTo(_gathered.AsMemory(_used));
        _used += bytes.Length;
        _segments[_count - 1] = _gathered.AsMemory(_used - (_segments[_count - 1].Length + bytes.Length), _segments[_count - 1].Length + bytes.Length);
        return true;
    }
}
