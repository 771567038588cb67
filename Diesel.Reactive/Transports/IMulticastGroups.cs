using System.Net;

namespace Diesel.Reactive;

/// <summary>What a datagram socket of the system knows about multicast: groups it is in, and how it sends to groups. A feature of
/// <see cref="IDatagramSocket"/>, see <see cref="DatagramFeatures"/>.</summary>
/// <remarks>Used on the socket's hub. Interfaces are named by their index, as <see cref="System.Net.NetworkInformation.IPv4InterfaceProperties"/> has it; 0 lets the system
/// choose. A <see cref="ConnectionException"/> says what the system refused. Source: RFC 3678.</remarks>
public interface IMulticastGroups
{
    /// <summary>Whether what is sent to a group also comes to this machine's own members of it; at first true.</summary>
    bool Loopback { get; set; }

    /// <summary>How many routers a datagram to a group may pass, 0 to 255; at first 1, which keeps it in its own network.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in that range.</exception>
    int TimeToLive { get; set; }

    /// <summary>The interface on which datagrams to groups are sent; 0, at first: what the system chooses.</summary>
    int Interface { get; set; }

    /// <summary>Joins a group: what is sent to it is received.</summary>
    /// <param name="group">A multicast address.</param>
    /// <param name="source">Whose datagrams alone are wanted; null: everybody's. Several sources are joined one by one.</param>
    /// <param name="networkInterface">Where.</param>
    /// <exception cref="ArgumentNullException"><paramref name="group"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="group"/> is no multicast address, or the source is of another family.</exception>
    void Join(IPAddress group, IPAddress? source = null, int networkInterface = 0);

    /// <summary>Leaves a group, or a source of it, as it was joined.</summary>
    /// <param name="group">The group.</param>
    /// <param name="source">The source it was joined for; null: it was joined for all.</param>
    /// <param name="networkInterface">Where it was joined.</param>
    /// <exception cref="ArgumentNullException"><paramref name="group"/> is null.</exception>
    void Leave(IPAddress group, IPAddress? source = null, int networkInterface = 0);

    /// <summary>Shuts one sender out of a group that was joined for all.</summary>
    /// <param name="group">The group.</param>
    /// <param name="source">The sender.</param>
    /// <param name="networkInterface">Where it was joined.</param>
    /// <exception cref="ArgumentNullException">An address is null.</exception>
    void Block(IPAddress group, IPAddress source, int networkInterface = 0);

    /// <summary>Lets a sender in again.</summary>
    /// <param name="group">The group.</param>
    /// <param name="source">The sender.</param>
    /// <param name="networkInterface">Where it was joined.</param>
    /// <exception cref="ArgumentNullException">An address is null.</exception>
    void Unblock(IPAddress group, IPAddress source, int networkInterface = 0);
}
