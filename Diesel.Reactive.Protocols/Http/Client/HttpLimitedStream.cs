namespace Diesel.Reactive.Protocols.Http;

/// <summary>A stream that may give so many bytes and no more: a few bytes inflate to many.</summary>
internal sealed class HttpLimitedStream(Stream inner, long limit) : HttpReadStream
{
    private long _count;

    public override bool CanRead => inner.CanRead;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

    public override int Read(Span<byte> buffer) => Count(inner.Read(buffer));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Count(int count) => (_count += count) <= limit ? count
        : throw HttpErrors.OfBody(new HttpRefusedException(502, "RFC 9110 §8.4", $"The body inflates to more than {limit} bytes"));
}
