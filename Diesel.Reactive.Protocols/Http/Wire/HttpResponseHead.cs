using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>The head of a response: slices of the bytes it came in. Strings are made when they are asked for.</summary>
public readonly struct HttpResponseHead
{
    private const int ReasonAt = 13;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly long _count;
    private readonly HttpHeadFlags _flags;
    private readonly ushort _status;
    private readonly byte _kind;

    internal HttpResponseHead(ReadOnlyMemory<byte> bytes, in HttpHeadScan scan, HttpBodyLength body) =>
        (_bytes, _flags, _status, _kind, _count) = (bytes, scan.Facts.Flags, (ushort)scan.First, (byte)body.Kind, body.Count);

    /// <summary>100 to 599.</summary>
    public int Status => _status;

    /// <summary>What stands behind the status; may be empty, and means nothing (RFC 9112 §4).</summary>
    public string Reason => Encoding.UTF8.GetString(ReasonBytes.Span);

    /// <summary>Whether it is HTTP/1.0, where a connection ends with its answer unless both say otherwise.</summary>
    public bool IsHttp10 => (_flags & HttpHeadFlags.Http10) != 0;

    /// <summary>Whether more answers to the same request follow (RFC 9110 §15.2).</summary>
    public bool IsInterim => Status is < 200 and not 101;

    /// <summary>The header fields.</summary>
    public HttpHeaders Headers
    {
        get
        {
            var text = _bytes.Span;
            return text.IsEmpty ? default : new(_bytes[(text.IndexOf((byte)'\n') + 1)..^(text[^2] == '\r' ? 2 : 1)]);
        }
    }

    /// <summary>How long the body is.</summary>
    public HttpBodyLength Body => new((HttpBodyKind)_kind, _count);

    /// <summary>Whether the peer keeps the connection behind this answer (RFC 9112 §9.3). One whose body lasts until the end cannot.</summary>
    public bool KeepsAlive =>
        (_flags & HttpHeadFlags.Close) == 0 && (HttpBodyKind)_kind is not (HttpBodyKind.UntilEnd or HttpBodyKind.Tunnel) && (!IsHttp10 || (_flags & HttpHeadFlags.KeepAlive) != 0);

    /// <summary>The whole head, as it came.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The status line.</summary>
    public override string ToString() => $"{(IsHttp10 ? "HTTP/1.0" : "HTTP/1.1")} {Status} {Reason}";

    internal ReadOnlyMemory<byte> ReasonBytes => (_flags & HttpHeadFlags.NoReason) != 0 ? default : _bytes[ReasonAt..LineLength(_bytes.Span)];

    private static int LineLength(ReadOnlySpan<byte> head)
    {
        var end = head.IndexOf((byte)'\n');
        return head[end - 1] == '\r' ? end - 1 : end;
    }
}
