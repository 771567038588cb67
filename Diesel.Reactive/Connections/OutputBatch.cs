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
        if (!bytes.IsEmpty && !(FollowsSmall(bytes) ? TryGather(bytes) : TryAppend(bytes)))
        {
            return false;
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

    private bool FollowsSmall(ReadOnlyMemory<byte> bytes) =>
        _count > 0 && bytes.Length <= Small && (_endsGathered || _segments[_count - 1].Length <= Small);

    private bool TryAppend(ReadOnlyMemory<byte> bytes)
    {
        if (_count == MostSegments)
        {
            return false;
        }

        _segments[_count++] = bytes;
        _endsGathered = false;
        return true;
    }

    // The first small one is moved only when a second follows.
    private bool TryGather(ReadOnlyMemory<byte> bytes)
    {
        ref var last = ref _segments[_count - 1];
        if (_used + (_endsGathered ? 0 : last.Length) + bytes.Length > MostGathered)
        {
            return false;
        }

        _gathered ??= GC.AllocateUninitializedArray<byte>(MostGathered);
        if (!_endsGathered)
        {
            last.CopyTo(_gathered.AsMemory(_used));
            (_used, _endsGathered) = (_used + last.Length, true);
        }

        bytes.CopyTo(_gathered.AsMemory(_used));
        _used += bytes.Length;
        var length = last.Length + bytes.Length;
        last = _gathered.AsMemory(_used - length, length);
        return true;
    }
}
