using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>The network failed: a connection was refused, reset or lost, an address could not be used.</summary>
/// <param name="message">What happened, where, and what to do.</param>
/// <param name="endPoint">The peer, or for listening the local endpoint; null when there is none yet.</param>
/// <param name="inner">The system's error.</param>
/// <remarks>Whoever writes an <see cref="INetwork"/> makes these errors with the static methods, so that they read the same
/// on every network.</remarks>
public class ConnectionException(string message, EndPoint? endPoint = null, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>The peer, or for listening the local endpoint; null when there is none yet.</summary>
    public EndPoint? EndPoint { get; } = endPoint;

    /// <summary>An open connection was lost; for <see cref="ITransportHandler.OnFailed"/>.</summary>
    /// <param name="local">This side's endpoint.</param>
    /// <param name="remote">The peer's endpoint.</param>
    /// <param name="error">Why: reset, timed out, no route any more. <see cref="SocketError.Shutdown"/> (EPIPE) is told as the reset it is.</param>
    /// <returns>The error, with a <see cref="SocketException"/> inside.</returns>
    public static ConnectionException Lost(EndPoint local, EndPoint remote, SocketError error) => SocketErrors.Lost(local, remote, error);

    /// <summary>A dial failed; for <see cref="INetwork.Connect"/>.</summary>
    /// <param name="remote">What was dialled.</param>
    /// <param name="error">Why: refused, no answer, no route, the local endpoint in use.</param>
    /// <returns>The error, with a <see cref="SocketException"/> inside.</returns>
    public static ConnectionException NotConnected(EndPoint remote, SocketError error) =>
        SocketErrors.NotConnected(remote, new SocketException((int)error));

    /// <summary>An endpoint cannot be listened at; for <see cref="INetwork.Listen"/>.</summary>
    /// <param name="local">The endpoint that was asked for.</param>
    /// <param name="error">Why: in use, not ours, not allowed.</param>
    /// <returns>The error, with a <see cref="SocketException"/> inside.</returns>
    public static ConnectionException NotListening(EndPoint local, SocketError error) =>
        SocketErrors.NotListening("listen at", local, new SocketException((int)error));

    /// <summary>A datagram socket cannot have an endpoint; for <see cref="INetwork.Bind"/>.</summary>
    /// <param name="local">The endpoint that was asked for.</param>
    /// <param name="error">Why: in use, not ours, not allowed.</param>
    /// <returns>The error, with a <see cref="SocketException"/> inside.</returns>
    public static ConnectionException NotBound(EndPoint local, SocketError error) =>
        SocketErrors.NotListening("bind to", local, new SocketException((int)error));

    /// <summary>A host has no address; for <see cref="INameResolver.Resolve"/>.</summary>
    /// <param name="host">The name that was asked for.</param>
    /// <param name="error">Why: not known, or nobody to ask.</param>
    /// <returns>The error, with a <see cref="SocketException"/> inside.</returns>
    public static ConnectionException NotFound(string host, SocketError error) =>
        SocketErrors.NotFound(host, new SocketException((int)error));

    /// <summary>A datagram was not sent; for <see cref="IDatagramTransport.Start"/>'s <c>failed</c>.</summary>
    /// <param name="datagram">Its payload and receiver.</param>
    /// <param name="error">Why: too large, no route.</param>
    /// <returns>The error, with a <see cref="SocketException"/> inside.</returns>
    public static ConnectionException NotSent(Datagram datagram, SocketError error) => SocketErrors.NotSent(datagram, error);

    /// <summary>Receiving datagrams failed, or one that was sent earlier was refused; for
    /// <see cref="IDatagramTransport.Start"/>'s <c>failed</c>.</summary>
    /// <param name="local">The socket's endpoint.</param>
    /// <param name="error">Why; <see cref="SocketError.ConnectionRefused"/>: nobody listens where one was sent to.</param>
    /// <returns>The error, with a <see cref="SocketException"/> inside.</returns>
    public static ConnectionException NotReceived(EndPoint local, SocketError error) => SocketErrors.NotReceived(local, error);
}
