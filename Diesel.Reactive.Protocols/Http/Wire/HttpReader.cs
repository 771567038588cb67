namespace Diesel.Reactive.Protocols.Http;

/// <summary>Reads the messages of one side of a connection, part by part: heads, and bodies in pieces as they come.</summary>
/// <remarks>Knows no connection, no clock and no task: bytes in, parts out. A part is a slice of what it was shown. What may follow a message
/// that ends its connection is for the caller to know: it stops reading there.</remarks>
public abstract class HttpReader : Decoder<HttpPart>
{
    private readonly bool _isRequest;

    // Made for the first body there is.
    private HttpBodyScan? _body;

    private protected HttpReader(HttpLimits? limits, bool isRequest)
    {
        Limits = limits ?? HttpLimits.Default;
        Scan = new HttpHeadScan(Limits, isRequest);
        _isRequest = isRequest;
    }

    /// <summary>Whether a body has begun and not ended.</summary>
    public bool IsInBody { get; private set; }

    /// <summary>Whether a head has begun and is not whole.</summary>
    public bool IsInHead { get; private set; }

    /// <summary>How long the body of the message is that was read last, or is being read.</summary>
    public HttpBodyLength Body { get; private set; }

    /// <summary>How many bytes of it were given out.</summary>
    public long BodyRead => _body?.Total ?? 0;

    /// <summary>What stood behind the last chunk, once the message has ended; empty otherwise.</summary>
    public HttpHeaders Trailers { get; private set; }

    /// <summary>Whether bytes are owed though none are there: a body is not whole. One that ends with the connection owes nothing.</summary>
    public override bool IsOwed => IsInBody && Body.Kind != HttpBodyKind.UntilEnd;

    /// <summary>Whether the end of the connection is the end of the body: nobody may have cut it short.</summary>
    protected override bool TrustsEnd => IsInBody && Body.Kind == HttpBodyKind.UntilEnd;

    internal HttpLimits Limits { get; }

    private protected HttpHeadScan Scan;

    /// <summary>Reads the next part.</summary>
    /// <param name="buffer">All bytes not consumed yet.</param>
    /// <param name="frame">The part.</param>
    /// <param name="consumed">How many bytes it took.</param>
    /// <returns>False: more are needed.</returns>
    /// <exception cref="HttpRefusedException">A rule is broken or a limit passed. Nothing can be read behind that.</exception>
    public sealed override bool TryDecode(ReadOnlyMemory<byte> buffer, out HttpPart frame, out int consumed)
    {
        if (!IsInBody)
        {
            return TryHead(buffer, out frame, out consumed);
        }

        if (!_body!.TryRead(buffer, out frame, out consumed))
        {
            return false;
        }

        IsInBody = !frame.IsLast;
        if (frame.Kind == HttpPartKind.End)
        {
            Trailers = new HttpHeaders(frame.Bytes);
        }

        return true;
    }

    /// <summary>Lets go of the message that was read last: at rest, nothing of it is to be held.</summary>
    internal virtual void Forget() => Trailers = default;

    /// <summary>Takes the head that was found, and says how long its body is.</summary>
    private protected abstract HttpBodyLength Take(ReadOnlyMemory<byte> head);

    /// <summary>There are bytes of a head.</summary>
    /// <exception cref="HttpRefusedException">None may come.</exception>
    private protected virtual void ThrowIfUnwanted()
    {
    }

    private bool TryHead(ReadOnlyMemory<byte> buffer, out HttpPart part, out int consumed)
    {
        if (!_isRequest && !buffer.IsEmpty)
        {
            ThrowIfUnwanted();
        }

        if (!Scan.TryScan(buffer.Span, out consumed))
        {
            IsInHead = !buffer.IsEmpty;
            part = default;
            return false;
        }

        var head = buffer[Scan.Start..consumed];
        Body = Take(head);
        if (_body is not null || !Body.IsEmpty)
        {
            _body ??= new HttpBodyScan(Limits, _isRequest);
            _body.Begin(Body);
        }

        Scan.Begin();
        (IsInHead, IsInBody, Trailers) = (false, Body.Kind != HttpBodyKind.Tunnel && !Body.IsEmpty, default);
        part = new HttpPart(HttpPartKind.Head, head, !IsInBody);
        return true;
    }
}
