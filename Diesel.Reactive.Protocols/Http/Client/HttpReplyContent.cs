using System.Net;
using System.Runtime.InteropServices;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>The body of an answer for HttpClient: one that has come whole is there, another comes as a stream.</summary>
internal sealed class HttpReplyContent : HttpContent
{
    private readonly HttpReply _reply;
    private readonly HttpResponseMessage _message;
    private readonly ReadOnlyMemory<byte> _whole;
    private readonly bool _isWhole;
    private Stream? _stream;

    /// <summary>On the hub.</summary>
    public HttpReplyContent(HttpReply reply, HttpResponseMessage message)
    {
        (_reply, _message) = (reply, message);
        _isWhole = reply.TryTakeWhole(out _whole);
        if (_isWhole)
        {
            AddTrailers();
        }
        else if (reply.Head.Body.Kind == HttpBodyKind.Tunnel)
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

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (!_isWhole || _reply.Encoding is not null)
        {
            return Open().CopyToAsync(stream, cancellationToken);
        }

        // Into memory that is within the call.
        var written = stream.WriteAsync(_whole, cancellationToken);
        return written.IsCompletedSuccessfully ? Task.CompletedTask : written.AsTask();
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken) => Open().CopyTo(stream);

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(Open());

    protected override Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) => Task.FromResult(Open());

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => Open();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isWhole)
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

        Stream raw = _isWhole ? Memory() : new HttpReplyStream(_reply, AddTrailers);
        return _stream = _reply.Encoding is { } encoding ? HttpInflating.Open(raw, encoding, _reply.Origin.Options.MaxInflated) : raw;
    }

    // Input never changes, and the stream cannot be written.
    private MemoryStream Memory() => MemoryMarshal.TryGetArray(_whole, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(_whole.ToArray(), writable: false);

    private void AddTrailers()
    {
        foreach (var field in _reply.Trailers)
        {
            _message.TrailingHeaders.TryAddWithoutValidation(field.Name, field.Value);
        }
    }
}
