namespace Diesel.Reactive.Testing;

/// <summary>A scripted connection as a stream. A read gives one chunk or a part of it; what has to wait ends in virtual time.</summary>
internal sealed class DuplexStream : Stream
{
    private readonly DuplexEnd _end;
    private readonly Action _closing;
    private readonly DuplexWait _reading;
    private readonly DuplexWait _writing;
    private bool _disposed;

    public DuplexStream(DuplexEnd end, Action closing)
    {
        (_end, _closing) = (end, closing);
        (_reading, _writing) = (new(end, "read"), new(end, "write"));
        end.Changed += () =>
        {
            _reading.LookAgain();
            _writing.LookAgain();
        };
    }

    public override bool CanRead => !_disposed;

    public override bool CanWrite => !_disposed;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override string ToString() => $"stream {_end.LocalEndPoint} to {_end.RemoteEndPoint}";

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _reading.Begin(() => TryRead(buffer.Span), cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer) => TryRead(buffer) ?? throw Blocks("Nothing has arrived", nameof(Read));

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        await _writing.Begin(() => TryWrite(buffer.Span), cancellationToken).ConfigureAwait(false);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (TryWrite(buffer) is null)
        {
            throw Blocks("The peer's window is closed", nameof(Write));
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ReadAsync(buffer, offset, count), callback, state);

    public override int EndRead(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    public override IAsyncResult BeginWrite(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(WriteAsync(buffer, offset, count), callback, state);

    public override void EndWrite(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _closing();
            _reading.BreakOff();
            _writing.BreakOff();
        }

        base.Dispose(disposing);
    }

    private int? TryRead(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_end.HasUnread)
        {
            // An empty buffer asks whether there is something to read.
            var chunk = buffer.IsEmpty ? default : _end.Take(buffer.Length);
            chunk.Span.CopyTo(buffer);
            return chunk.Length;
        }

        return _end.IsReset ? throw _end.Lost : _end.HasFin ? 0 : null;
    }

    private int? TryWrite(ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_end.IsReset)
        {
            throw _end.Lost;
        }

        if (!_end.IsOpen && !bytes.IsEmpty)
        {
            return null;
        }

        _end.Send(bytes);
        return bytes.Length;
    }

    private InvalidOperationException Blocks(string why, string what) => new(FormattableString.Invariant(
        $"{why} at {_end.Now.TotalMilliseconds} ms, and a {what} that waits would hold the only thread of virtual time: await {what}Async."));
}
