using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>The head of a request: slices of the bytes it came in. Strings are made when they are asked for.</summary>
public readonly struct HttpRequestHead
{
    private const int Version = 8;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly long _length;
    private readonly HttpHeadFlags _flags;
    private readonly ushort _method;
    private readonly ushort _target;

    internal HttpRequestHead(ReadOnlyMemory<byte> bytes, in HttpHeadScan scan)
    {
        _bytes = bytes;
        (_length, _flags) = (scan.Facts.Length, scan.Facts.Flags | (scan.Facts.Coding == HttpTransferCoding.Chunked ? HttpHeadFlags.Chunked : 0));
        (_method, _target) = ((ushort)scan.First, (ushort)scan.Second);
    }

    /// <summary>The method; case matters. The known ones make no string.</summary>
    public string Method => HttpMethods.Name(MethodBytes.Span);

    /// <summary>The method's bytes.</summary>
    public ReadOnlyMemory<byte> MethodBytes => _bytes[.._method];

    /// <summary>The request target as it was sent (RFC 9112 §3.2).</summary>
    public string Target => Encoding.ASCII.GetString(TargetBytes.Span);

    /// <summary>The request target's bytes.</summary>
    public ReadOnlyMemory<byte> TargetBytes => _bytes.Slice(_method + 1, _target);

    /// <summary>The version as the peer said it; above 1.1 it is spoken to as that.</summary>
    public string Protocol => IsHttp10 ? "HTTP/1.0" : "HTTP/1.1";

    /// <summary>Whether it is HTTP/1.0, where a connection ends with its answer unless both say otherwise.</summary>
    public bool IsHttp10 => Has(HttpHeadFlags.Http10);

    /// <summary>The header fields.</summary>
    public HttpHeaders Headers
    {
        get
        {
            var begin = _method + 1 + _target + 1 + Version + EndLength;
            return _bytes.Length == 0 ? default : new(_bytes[begin..^EndOf(_bytes.Span)]);
        }
    }

    /// <summary>How long the body is.</summary>
    public HttpBodyLength Body =>
        Has(HttpHeadFlags.Chunked) ? HttpBodyLength.Chunked : _length < 0 ? HttpBodyLength.None : HttpBodyLength.Of(_length);

    /// <summary>Whether the peer keeps the connection (RFC 9112 §9.3).</summary>
    public bool KeepsAlive => !Has(HttpHeadFlags.Close) && (!IsHttp10 || Has(HttpHeadFlags.KeepAlive));

    /// <summary>Whether the peer waits for <c>100 Continue</c> before it sends the body (RFC 9110 §10.1.1); HTTP/1.0 does not know that.</summary>
    public bool ExpectsContinue => Has(HttpHeadFlags.Expects) && !IsHttp10 && !Body.IsEmpty;

    /// <summary>Whether another protocol is proposed (RFC 9110 §7.8); HTTP/1.0 cannot.</summary>
    public bool ProposesUpgrade => Has(HttpHeadFlags.Upgrade) && Has(HttpHeadFlags.UpgradeOption) && !IsHttp10;

    /// <summary>Whom it is for: the authority of a target that has one, else Host (RFC 9112 §3.2.2); empty: nobody was named.</summary>
    public string Host => Encoding.ASCII.GetString(HostBytes.Span);

    /// <summary>The bytes of <see cref="Host"/>.</summary>
    public ReadOnlyMemory<byte> HostBytes
    {
        get
        {
            if (IsAbsolute)
            {
                var (authority, path) = HttpTarget.Split(TargetBytes.Span);
                return TargetBytes[authority..path];
            }

            return Headers.TryGet("Host", out var host) ? host : default;
        }
    }

    /// <summary>The whole head, as it came, from the method to the empty line.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The target without scheme and authority.</summary>
    internal ReadOnlyMemory<byte> PathAndQuery => IsAbsolute ? TargetBytes[HttpTarget.Split(TargetBytes.Span).Path..] : TargetBytes;

    /// <summary>The path is not what it looks like: it has percent signs or dot segments.</summary>
    internal bool IsEscaped => Has(HttpHeadFlags.Escaped);

    /// <summary>The target says whom the request is for.</summary>
    internal bool IsAbsolute => Has(HttpHeadFlags.Absolute);

    /// <summary>Another protocol is proposed: by Upgrade, or by CONNECT.</summary>
    internal bool IsProposal => ProposesUpgrade || IsConnect;

    internal bool IsConnect => _method == 7 && MethodBytes.Span.SequenceEqual("CONNECT"u8);

    internal bool IsHead => _method == 4 && MethodBytes.Span.SequenceEqual("HEAD"u8);

    private int EndLength => Has(HttpHeadFlags.LoneLf) ? 1 : 2;

    /// <summary>Reads one whole head.</summary>
    /// <param name="bytes">From the first byte of the method to the end of the empty line; they must not change afterwards.</param>
    /// <param name="limits">What may be in it; null for the defaults.</param>
    /// <returns>The head.</returns>
    /// <exception cref="ProtocolException">They are none, not whole, or more than one: <see cref="HttpRefusedException"/> where a rule says so.</exception>
    public static HttpRequestHead Parse(ReadOnlyMemory<byte> bytes, HttpLimits? limits = null)
    {
        var reader = new HttpRequestReader(limits);
        return reader.TryDecode(bytes, out _, out var consumed) && consumed == bytes.Length
            ? reader.Head
            : throw new ProtocolException("These bytes are not one whole head of a request.");
    }

    /// <summary>The request line.</summary>
    public override string ToString() => $"{Method} {Target} {Protocol}";

    private static int EndOf(ReadOnlySpan<byte> head) => head[^2] == '\r' ? 2 : 1;

    private bool Has(HttpHeadFlags flag) => (_flags & flag) != 0;
}
