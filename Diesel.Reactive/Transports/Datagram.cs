using System.Net;

namespace Diesel.Reactive;

/// <summary>One datagram: its payload, and who sent it or is to get it.</summary>
/// <param name="Payload">Bytes; may be empty, which is a datagram like any other.</param>
/// <param name="RemoteEndPoint">The sender of a received datagram, the receiver of one to send.</param>
public readonly record struct Datagram(ReadOnlyMemory<byte> Payload, EndPoint RemoteEndPoint)
{
    /// <summary>Bytes of the largest there is: what UDP has room for over IPv4, and Unix sockets are held to.</summary>
    internal const int Largest = 65_507;

    /// <summary>A datagram back to where this one came from.</summary>
    /// <param name="payload">Bytes.</param>
    /// <returns>The datagram, to be sent.</returns>
    public Datagram Reply(ReadOnlyMemory<byte> payload) => new(payload, RemoteEndPoint);
}
