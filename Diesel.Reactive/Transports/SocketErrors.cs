using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>Every reading of a <see cref="SocketError"/>: which are no errors, which pass, and what to tell the user.</summary>
internal static class SocketErrors
{
    public static bool WouldBlock(SocketError error) =>
        error is SocketError.WouldBlock or SocketError.IOPending or SocketError.TryAgain;

    /// <summary>The peer gave up between the handshake and the accept: nothing to report, go on.</summary>
    public static bool IsGoneBeforeAccept(SocketError error) =>
        error is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Interrupted;

    /// <summary>The peer ended a connection in the way it has when it does not care.</summary>
    public static bool IsPeersEnd(SocketError error) =>
        error is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown;

    /// <summary>An earlier datagram met a port where nobody listens.</summary>
    public static bool IsRefusal(SocketError error) => error is SocketError.ConnectionRefused or SocketError.ConnectionReset;

    public static ConnectionException Lost(EndPoint local, EndPoint remote, SocketError error) => new(
        $"The connection {local} to {remote} {LostBecause(error)}.", remote, new SocketException((int)error));

    public static ConnectionException NotConnected(EndPoint remote, SocketException error) => new(
        $"Cannot connect to {remote}: {RefusedBecause(error)}", remote, error);

    public static ConnectionException NotListening(string what, EndPoint local, SocketException error) => new(
        $"Cannot {what} {local}: {UnavailableBecause(error)}", local, error);

    public static ConnectionException NotAccepted(EndPoint local, SocketError error) => new(
        error == SocketError.TooManyOpenSockets
            ? $"Cannot accept at {local}: too many open files. Those who connect wait; raise the limit (ulimit -n), or set MaxConnections."
            : $"Cannot accept at {local}: {new SocketException((int)error).Message}. Trying again.",
        local,
        new SocketException((int)error));

    public static ConnectionException NotFound(string host, SocketException error) => new(
        $"Cannot find the host '{host}': {error.Message}. Check the name, or give an address.", null, error);

    public static ConnectionException NotSent(Datagram datagram, SocketError error) => error == SocketError.MessageSize
        ? new ConnectionException(
            $"Cannot send a datagram of {datagram.Payload.Length} bytes to {datagram.RemoteEndPoint}: it is too large for the " +
            "network; send at most 65507 bytes, and below 1200 to be safe.",
            datagram.RemoteEndPoint,
            new SocketException((int)error))
        : new ConnectionException(
            $"Cannot send a datagram to {datagram.RemoteEndPoint}: {new SocketException((int)error).Message}.",
            datagram.RemoteEndPoint,
            new SocketException((int)error));

    public static ConnectionException NotReceived(EndPoint local, SocketError error) => new(
        IsRefusal(error)
            ? $"A datagram sent from {local} was refused: nobody listens at its port (ICMP port unreachable)."
            : $"Receiving datagrams at {local} failed: {new SocketException((int)error).Message}.",
        local,
        new SocketException((int)error));

    private static string LostBecause(SocketError error) => error switch
    {
        SocketError.ConnectionReset => "was reset by the peer",
        SocketError.ConnectionAborted or SocketError.Shutdown => "was closed by the peer while we were sending",
        SocketError.TimedOut => "timed out: the peer no longer answers",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "was lost: the peer cannot be reached any more",
        _ => $"failed: {new SocketException((int)error).Message}",
    };

    private static string RefusedBecause(SocketException error) => error.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused. Is something listening there?",
        SocketError.TimedOut => "no answer. Is the address right, and does a firewall drop the packets?",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "there is no route to it. Check the address and the network.",
        SocketError.AddressAlreadyInUse => "the local endpoint is in use. Leave LocalEndPoint's port 0 to let the system choose.",
        _ => $"{error.Message}.",
    };

    private static string UnavailableBecause(SocketException error) => error.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "the port is in use. Stop the program that has it, or choose another port (0 lets the system choose).",
        SocketError.AccessDenied => "not allowed. Ports below 1024 need privileges: choose a higher port.",
        SocketError.AddressNotAvailable => "this machine does not have that address.",
        SocketError.AddressFamilyNotSupported => "this machine does not support that kind of address.",
        _ => $"{error.Message}.",
    };
}
