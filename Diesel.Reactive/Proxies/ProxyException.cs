using System.Net;

namespace Diesel.Reactive;

/// <summary>A proxy did not connect to what it was asked for: it refused, could not, or does not speak its protocol.</summary>
/// <param name="message">What it said, and what to do.</param>
/// <param name="code">Of its answer; null: it has none.</param>
/// <param name="endPoint">The proxy.</param>
/// <param name="inner">The cause: a <see cref="ProtocolException"/> for an answer that is none.</param>
public sealed class ProxyException(string message, int? code = null, EndPoint? endPoint = null, Exception? inner = null)
    : ConnectionException(message, endPoint, inner)
{
    /// <summary>The code of its answer: a reply of SOCKS, a status of HTTP. Null: it gave none that can be read.</summary>
    public int? Code { get; } = code;
}
