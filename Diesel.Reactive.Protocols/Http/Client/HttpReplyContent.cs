using System.Net;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>The body of an answer for HttpClient, as a stream of what still comes, or is packed.</summary>
internal sealed class HttpReplyContent : HttpContent
{
    private readonly HttpReply _reply;
    private readonly HttpResponseMessage _message;
    private Stream? _stream;

    /// <summary>On the hub.</summary>
    public HttpReplyContent(HttpReply reply, HttpResponseMessage message)
    {
        (_reply, _message) = (reply, message);
        if (reply.Head.Body.Kind == HttpBodyKind.Tunnel)
        {
            _stream = reply.TakeConnection().AsStream();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _reply.Length ?? 0;
        return _reply.Length is not null;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) => Open().CopyToAsync(stream, cancellationToken);

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken) => Open().CopyTo(stream);

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(Open());

    protected override Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) => Task.FromResult(Open());

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => Open();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            (_stream ?? (IDisposable)_reply).Dispose();
        }

        base.Dispose(disposing);
    }

    private Stream Open()
    {
        if (_stream is not null)
        {
            return _stream;
        }

        Stream raw = new HttpReplyStream(_reply, () => HttpReplyTranslation.AddTrailers(_message, _reply));
        return _stream = _reply.Encoding is { } encoding ? HttpInflating.Open(raw, encoding, _reply.Origin.Options.MaxInflated) : raw;
    }
}
