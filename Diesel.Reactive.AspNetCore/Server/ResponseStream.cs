using System.Buffers;

namespace Diesel.Reactive.AspNetCore;

/// <summary>The response as a stream, each of whose writes is a flush.</summary>
internal sealed class ResponseStream(ResponseFeature response, RequestFeature request) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        response.Writer.Write(buffer.Span);
        var flushed = response.Flush(cancellationToken);
        return flushed.IsCompletedSuccessfully ? default : new(flushed.AsTask());
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        var flushed = response.Flush(cancellationToken);
        return flushed.IsCompletedSuccessfully ? Task.CompletedTask : flushed.AsTask();
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        SynchronousIO.ThrowUnless(request.AllowSynchronousIO);
        WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
    }

    public override void Flush()
    {
        SynchronousIO.ThrowUnless(request.AllowSynchronousIO);
        FlushAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
