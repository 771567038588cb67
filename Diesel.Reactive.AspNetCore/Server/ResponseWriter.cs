using System.IO.Pipelines;

namespace Diesel.Reactive.AspNetCore;

/// <summary>Where an application writes its response. What was written never changes, so it is sent where it lies.</summary>
internal sealed class ResponseWriter(ResponseFeature response) : PipeWriter
{
    private const int LeastBlock = 512;
    private const int MostBlock = 32 * 1024;
    private const int MostKept = 4 * 1024;

    private byte[] _block = [];
    private int _taken;
    private int _end;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _end - _taken;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _block.AsMemory(_end);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _block.AsSpan(_end);
    }

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _block.Length - _end);
        response.Count(bytes);
        _end += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => response.Flush(cancellationToken);

    public override void CancelPendingFlush() => response.Sending.CancelWait();

    // The application says that it has written all; it is complete when the application is.
    public override void Complete(Exception? exception = null)
    {
    }

    /// <summary>Takes what was written since the last time.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        var written = _block.AsMemory(_taken, _end - _taken);
        _taken = _end;
        return written;
    }

    /// <summary>Writes where it wrote before: what that was is copied.</summary>
    public void Forget() => (_block, _taken, _end) = (_block.Length <= MostKept ? _block : [], 0, 0);

    /// <summary>Forgets what was written and not taken.</summary>
    public void Clear() => _end = _taken;

    private void Reserve(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (_block.Length - _end >= Math.Max(size, 1))
        {
            return;
        }

        // What lies in the full block and was not taken goes first.
        var unsent = _end - _taken;
        if (unsent > 0)
        {
            response.Sending.Keep(Take());
        }

        var length = Math.Max(size, Math.Min(MostBlock, Math.Max(LeastBlock, 2 * _block.Length)));
        (_block, _taken, _end) = (GC.AllocateUninitializedArray<byte>(length), 0, 0);
    }
}
