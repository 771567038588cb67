using System.Net;

namespace Diesel.Reactive;

/// <summary>What one hub listens, connects and binds on: the system's sockets, or a network in memory.</summary>
/// <remarks>Belongs to one hub, which <see cref="INetworkProvider"/> was given: every callback and notification is delivered in a
/// turn of that hub, and never from within the call that caused it. Listeners, connections, dials and datagram sockets are closed
/// by the hub when it ends. The errors are made with the static methods of <see cref="ConnectionException"/>.</remarks>
public interface INetwork
{
    /// <summary>Finds the addresses of this network's hosts, unless the hub was given another resolver.</summary>
    INameResolver Names { get; }

    /// <summary>Dials an endpoint.</summary>
    /// <param name="remote">Where to.</param>
    /// <param name="options">Local address and socket settings.</param>
    /// <returns>Cold: one dial per subscription, one transport; unsubscribing gives the dial up.</returns>
    /// <remarks>Errors: <see cref="ConnectionException"/>.</remarks>
    IObservable<ITransport> Connect(EndPoint remote, SocketOptions options);

    /// <summary>Listens at an endpoint. Any thread.</summary>
    /// <param name="local">Address and port; port 0 lets the system choose.</param>
    /// <param name="options">Backlog and socket settings.</param>
    /// <param name="accept">Called on the hub for each accepted connection.</param>
    /// <returns>The listener, listening.</returns>
    /// <exception cref="ConnectionException">The endpoint is in use, not ours, or not allowed.</exception>
    IListener Listen(EndPoint local, SocketOptions options, Action<ITransport> accept);

    /// <summary>Binds a datagram socket. Any thread.</summary>
    /// <param name="local">Address and port; port 0 lets the system choose, and so does a Unix socket's endpoint without a name.</param>
    /// <param name="remote">The one peer of a connected socket; null for a socket that talks to anybody.</param>
    /// <param name="options">Socket settings.</param>
    /// <returns>The socket, bound; it receives once it was started.</returns>
    /// <exception cref="ConnectionException">The endpoint is in use, not ours, or not allowed; there is no way to the peer.</exception>
    IDatagramTransport Bind(EndPoint local, EndPoint? remote, SocketOptions options);
}
