using System.Buffers;
using System.IO.Pipelines;

namespace Diesel.Reactive.AspNetCore;

/// <summary>The body of a request as a stream.</summary>
internal sealed class RequestBodyStream(PipeReader body, RequestFeature request) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await body.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (read.IsCanceled)
        {
            // Nothing would look like the end.
            body.AdvanceTo(read.Buffer.Start);
            throw new OperationCanceledException("The read was cancelled by CancelPendingRead.");
        }

        // Known before: behind the advance its memory is the pipe's again, and its length anything.
        var count = (int)Math.Min(read.Buffer.Length, buffer.Length);
        var some = read.Buffer.Slice(0, count);
        some.CopyTo(buffer.Span);
        body.AdvanceTo(some.End);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        SynchronousIO.ThrowUnless(request.AllowSynchronousIO);
        return ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
    }

    public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
        body.CopyToAsync(destination, cancellationToken);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
