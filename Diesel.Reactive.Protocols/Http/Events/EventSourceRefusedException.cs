namespace Diesel.Reactive.Protocols.Http;

/// <summary>A server answered a request for events with something else.</summary>
public sealed class EventSourceRefusedException : ProtocolException
{
    /// <summary>Makes one.</summary>
    /// <param name="status">What it answered.</param>
    /// <param name="headers">What came with it.</param>
    /// <param name="message">What one can do.</param>
    public EventSourceRefusedException(int status, HttpHeaders headers, string message)
        : base(message) => (Status, Headers) = (status, headers);

    /// <summary>What it answered; 200, if it was no event stream.</summary>
    public int Status { get; }

    /// <summary>What came with it.</summary>
    public HttpHeaders Headers { get; }
}
