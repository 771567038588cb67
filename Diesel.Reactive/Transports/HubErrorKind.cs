using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>Whose doing an error is, the gravest first.</summary>
public enum HubErrorKind
{
    /// <summary>The program's: its code threw, or used the library wrongly.</summary>
    Code,

    /// <summary>The program's: one turn held up everything else for too long.</summary>
    SlowTurn,

    /// <summary>The network's: refused, no route, no descriptors left.</summary>
    Network,

    /// <summary>A peer's: it broke its protocol, reset its connection, did not take what it was sent. Anybody can cause these, as
    /// often as they like.</summary>
    Peer,
}

/// <summary>What an exception says about whose doing it is.</summary>
internal static class HubErrorKinds
{
    public static HubErrorKind Of(Exception error) => error switch
    {
        ProtocolException or SlowConsumerException or SlowPeerException => HubErrorKind.Peer,
        ConnectionException { InnerException: SocketException socket } => SocketErrors.IsPeersEnd(socket.SocketErrorCode) ? HubErrorKind.Peer : HubErrorKind.Network,
        ConnectionException { InnerException: { } cause } => Of(cause),
        ConnectionException => HubErrorKind.Network,
        _ => HubErrorKind.Code,
    };
}
