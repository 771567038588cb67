namespace Diesel.Reactive.Tests;

/// <summary>A stream whose first write has something before it, in one piece, and whose first read skips as much as comes before TLS.</summary>
internal sealed class PrefixedStream(Stream inner, ReadOnlyMemory<byte> prefix, int skip) : Stream
{
    private ReadOnlyMemory<byte> _prefix = prefix;
    private int _skip = skip;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (count == 0)
        {
            return 0;
        }

        inner.ReadExactly(new byte[_skip]);
        _skip = 0;
        return inner.Read(buffer, offset, count);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        inner.Write([.. _prefix.Span, .. buffer.AsSpan(offset, count)]);
        _prefix = default;
    }

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
