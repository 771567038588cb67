namespace Diesel.Reactive;

/// <summary>How far the datagrams of a socket of the system go. A feature of <see cref="IDatagramSocket"/>, see <see cref="DatagramFeatures"/>.</summary>
/// <remarks>Used on the socket's hub.</remarks>
public interface IHopLimit
{
    /// <summary>How many routers a datagram to a single receiver may pass, 1 to 255; at first what the system has, 64 in most. A datagram that is
    /// received with 255 was sent from the same network. For groups see <see cref="IMulticastGroups.TimeToLive"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in that range.</exception>
    int TimeToLive { get; set; }
}
