using System.Net;

namespace Diesel.Reactive;

/// <summary>A datagram socket with one peer that goes from port to port, for those who ask from a port of its own each time: two calls of the system are less
/// than a new socket. A feature of <see cref="IDatagramTransport"/>, asked for before <see cref="IDatagramTransport.Start"/>.</summary>
/// <remarks>Used on the socket's hub. Of one that goes from port to port a datagram's payload holds as long as the call that brings it.</remarks>
public interface IRenewsPort
{
    /// <summary>From which address of this machine it sends.</summary>
    IPAddress LocalAddress { get; }

    /// <summary>Gives its port back, now or at the end of this turn, behind what the turn sends by other sockets. Nothing arrives from now on until it has
    /// another: what comes meanwhile, or came and was not read, is dropped.</summary>
    /// <param name="atOnce">Whether now.</param>
    /// <param name="left">Told then, once, unless the socket was closed: whether it may take another; false: the system does not do that, and the socket is to be
    /// closed.</param>
    void LeavePort(bool atOnce, Action<bool> left);

    /// <summary>Takes a port that the system draws, for the same peer.</summary>
    /// <exception cref="ConnectionException">There is no way to the peer, or no free port.</exception>
    void TakePort();

    /// <summary>Sends one datagram at once, or throws it away when the kernel has no room.</summary>
    /// <param name="payload">Its bytes.</param>
    /// <exception cref="ConnectionException">There is no way to the peer.</exception>
    void SendNow(ReadOnlySpan<byte> payload);
}
