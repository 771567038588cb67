using System.IO.Compression;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Undoes <c>deflate</c>: zlib's format, as RFC 9110 §8.4.1.2 says, or bare deflate, as it notes that some send. The first byte tells.</summary>
internal sealed class HttpDeflateStream(Stream body) : HttpReadStream
{
    private Stream? _inner;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_inner is null)
        {
            var first = new byte[1];
            var count = await body.ReadAsync(first, cancellationToken).ConfigureAwait(false);
            _inner = Choose(first.AsMemory(0, count));
        }

        return await _inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    public override int Read(Span<byte> buffer)
    {
        if (_inner is null)
        {
            var first = new byte[1];
            _inner = Choose(first.AsMemory(0, body.Read(first)));
        }

        return _inner.Read(buffer);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            (_inner ?? body).Dispose();
        }

        base.Dispose(disposing);
    }

    // CMF of zlib (RFC 1950 §2.2): method 8. Bare deflate begins so only with a stored block that has a bit in its padding.
    private Stream Choose(ReadOnlyMemory<byte> first)
    {
        const int Method = 0x0F;
        const int Deflate = 8;
        var whole = new Rest(first, body);
        return first.IsEmpty || (first.Span[0] & Method) == Deflate
            ? new ZLibStream(whole, CompressionMode.Decompress) : new DeflateStream(whole, CompressionMode.Decompress);
    }

    // The byte that was looked at, and all behind it.
    private sealed class Rest(ReadOnlyMemory<byte> first, Stream body) : HttpReadStream
    {
        private ReadOnlyMemory<byte> _first = first;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _first.IsEmpty || buffer.IsEmpty ? body.ReadAsync(buffer, cancellationToken) : new ValueTask<int>(TakeFirst(buffer.Span));

        public override int Read(Span<byte> buffer) => _first.IsEmpty || buffer.IsEmpty ? body.Read(buffer) : TakeFirst(buffer);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                body.Dispose();
            }

            base.Dispose(disposing);
        }

        private int TakeFirst(Span<byte> buffer)
        {
            buffer[0] = _first.Span[0];
            _first = default;
            return 1;
        }
    }
}
