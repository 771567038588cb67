using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>What of the datagrams of Unix sockets the system is not even asked.</summary>
internal static class UnixDatagrams
{
    /// <summary>Why one cannot be sent; null: it may be.</summary>
    /// <param name="datagram">It, and its receiver.</param>
    /// <param name="remote">The socket's one peer, if it has one.</param>
    public static ConnectionException? WhyNot(Datagram datagram, EndPoint? remote) =>
        datagram.Payload.Length > Datagram.Largest ? SocketErrors.NotSent(datagram, SocketError.MessageSize)
        : remote is null && datagram.RemoteEndPoint.IsUnnamed() ? SocketErrors.NotSent(datagram, SocketError.DestinationAddressRequired)
        : null;
}
