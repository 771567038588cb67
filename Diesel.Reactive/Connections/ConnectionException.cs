using System.Net;

namespace Diesel.Reactive;

/// <summary>The network failed: a connection was refused, reset or lost, an address could not be used.</summary>
/// <param name="message">What happened, where, and what to do.</param>
/// <param name="endPoint">The peer, or for listening the local endpoint; null when there is none yet.</param>
/// <param name="inner">The system's error.</param>
public class ConnectionException(string message, EndPoint? endPoint = null, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>The peer, or for listening the local endpoint; null when there is none yet.</summary>
    public EndPoint? EndPoint { get; } = endPoint;
}
