using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Reads responses, as a client does. Say with <see cref="Expect"/> what was asked: the answer's length depends on it.</summary>
/// <param name="limits">What a peer may send; null for the defaults.</param>
public sealed class HttpResponseReader(HttpLimits? limits = null) : HttpReader(limits, isRequest: false)
{
    private readonly Queue<string> _asked = new();
    private readonly byte[] _method = new byte[8];

    /// <summary>The head that was read last.</summary>
    public HttpResponseHead Head { get; private set; }

    /// <summary>How many answers are expected and have not begun.</summary>
    public int Expected => _asked.Count;

    /// <summary>A request was sent: one final answer is to come, in the order of the requests.</summary>
    /// <param name="method">What was asked.</param>
    /// <exception cref="ArgumentNullException"><paramref name="method"/> is null.</exception>
    public void Expect(string method)
    {
        ArgumentNullException.ThrowIfNull(method);
        _asked.Enqueue(method);
    }

    internal override void Forget()
    {
        base.Forget();
        Head = default;
    }

    // At the first byte: a connection at rest is no good any more then, and is not to wait for the rest.
    private protected override void ThrowIfUnwanted()
    {
        if (_asked.Count == 0)
        {
            throw new HttpRefusedException(502, "RFC 9112 §9.2", "An answer came that nobody asked for");
        }
    }

    private protected override HttpBodyLength Take(ReadOnlyMemory<byte> head)
    {
        var (status, facts) = (Scan.First, Scan.Facts);
        // Only CONNECT and HEAD matter, and they fit.
        var method = status is < 200 and not 101 ? "" : _asked.Dequeue();
        var length = Encoding.ASCII.TryGetBytes(method, _method, out var count)
            ? HttpBodyRules.Of(facts, status, _method.AsSpan(0, count))
            : HttpBodyRules.Of(facts, status);
        Head = new HttpResponseHead(head, Scan, length);
        return length;
    }
}
