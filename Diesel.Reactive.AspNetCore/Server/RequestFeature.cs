using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Diesel.Reactive.AspNetCore;

/// <summary>The request line, the fields and the body as an application has them. Nothing is made before it is asked for.</summary>
internal sealed class RequestFeature(HubRequest request)
    : IHttpRequestFeature, IHttpRequestBodyDetectionFeature, IHttpRequestIdentifierFeature, IHttpRequestTrailersFeature, IRequestBodyPipeFeature,
        IHttpMaxRequestBodySizeFeature, IHttpBodyControlFeature
{
    private const int MostKnown = 256;

    // Of the target that came last: a client that asks for the same again has no strings made.
    private byte[] _known = [];
    private int _knownLength;
    private string? _knownPath;
    private string? _knownQuery;
    private long? _maxBody;
    private string? _protocol;
    private string? _scheme;
    private string? _method;
    private string? _path;
    private string? _query;
    private string? _target;
    private string? _id;
    private RequestHeaders? _own;
    private IHeaderDictionary? _headers;
    private IHeaderDictionary? _trailers;
    private RequestBody? _body;
    private Stream? _stream;

    public bool AllowSynchronousIO { get; set; }

    string IHttpRequestFeature.Protocol { get => _protocol ?? request.Http.Protocol; set => _protocol = value; }

    string IHttpRequestFeature.Scheme { get => _scheme ?? request.Served.Scheme; set => _scheme = value; }

    string IHttpRequestFeature.Method { get => _method ??= request.Http.Method; set => _method = value; }

    string IHttpRequestFeature.PathBase { get; set; } = "";

    string IHttpRequestFeature.Path
    {
        get => _path ??= _knownPath ??= request.Http.Head.TargetBytes.Span is [(byte)'*'] ? "" : request.Http.Path;
        set => _path = value;
    }

    string IHttpRequestFeature.QueryString { get => _query ??= _knownQuery ??= request.Http.QueryString; set => _query = value; }

    string IHttpRequestFeature.RawTarget { get => _target ??= request.Http.Target; set => _target = value; }

    IHeaderDictionary IHttpRequestFeature.Headers { get => _headers ??= _own ??= new RequestHeaders(request); set => _headers = value; }

    Stream IHttpRequestFeature.Body { get => _stream ??= CanHaveBody ? new RequestBodyStream(Body, this) : Stream.Null; set => _stream = value; }

    PipeReader IRequestBodyPipeFeature.Reader => Body;

    string IHttpRequestIdentifierFeature.TraceIdentifier { get => _id ??= ConnectionFeature.Next(); set => _id = value; }

    public bool CanHaveBody => !request.Http.Head.Body.IsEmpty;

    bool IHttpRequestTrailersFeature.Available => _body is { IsWhole: true } || !CanHaveBody;

    IHeaderDictionary IHttpRequestTrailersFeature.Trailers => ((IHttpRequestTrailersFeature)this).Available
        ? _trailers ??= new RequestHeaders(request.Http.Trailers)
        : throw new InvalidOperationException("The trailers come behind the body: read that first.");

    bool IHttpMaxRequestBodySizeFeature.IsReadOnly => _body is { HasBegun: true };

    long? IHttpMaxRequestBodySizeFeature.MaxRequestBodySize
    {
        get => _maxBody;
        set
        {
            if (_body is { HasBegun: true })
            {
                throw new InvalidOperationException("The bound of a body cannot be changed when it is being read.");
            }

            ArgumentOutOfRangeException.ThrowIfNegative(value ?? 0, nameof(value));
            _maxBody = value;
        }
    }

    public void Begin()
    {
        (_maxBody, AllowSynchronousIO) = (request.Served.MaxBody, request.Served.Options.AllowSynchronousIO);
        var target = request.Http.Head.TargetBytes.Span;
        if (!target.SequenceEqual(_known.AsSpan(0, _knownLength)))
        {
            Know(target);
        }
    }

    /// <summary>Nothing of it is held any more.</summary>
    public void Forget()
    {
        (_protocol, _scheme, _method, _path, _query, _target, _id, _headers, _trailers, _body, _stream) = (null, null, null, null, null, null, null, null, null, null, null);
        ((IHttpRequestFeature)this).PathBase = "";
        _own?.Forget();
    }

    private void Know(ReadOnlySpan<byte> target)
    {
        (_knownLength, _knownPath, _knownQuery) = (target.Length <= MostKnown ? target.Length : 0, null, null);
        if (_knownLength > _known.Length)
        {
            _known = new byte[_knownLength];
        }

        target[.._knownLength].CopyTo(_known);
    }

    private RequestBody Body => _body ??= new RequestBody(request);

    /// <summary>The application has ended: what it has not read is the service's.</summary>
    public void Release() => _body?.Leave();
}
