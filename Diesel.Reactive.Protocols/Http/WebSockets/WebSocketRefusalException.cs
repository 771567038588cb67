namespace Diesel.Reactive.Protocols.Http;

/// <summary>A server did not make a WebSocket of the request.</summary>
public sealed class WebSocketRefusalException : ProtocolException
{
    /// <summary>Makes one.</summary>
    /// <param name="status">What it answered.</param>
    /// <param name="headers">What came with it: <c>Location</c>, <c>WWW-Authenticate</c>, <c>Retry-After</c>.</param>
    /// <param name="message">What one can do.</param>
    public WebSocketRefusalException(int status, HttpHeaders headers, string message)
        : base(message) => (Status, Headers) = (status, headers);

    /// <summary>What it answered; 101, if its answer was none to this request.</summary>
    public int Status { get; }

    /// <summary>What came with it.</summary>
    public HttpHeaders Headers { get; }
}
