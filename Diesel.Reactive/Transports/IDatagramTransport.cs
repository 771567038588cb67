using System.Net;

namespace Diesel.Reactive;

/// <summary>The socket under an <see cref="IDatagramSocket"/>. Used on its hub's thread only.</summary>
/// <remarks>After <see cref="Close"/> it can be closed again, which does nothing. Any other call is a mistake that reaches nobody;
/// networks in memory throw, so that tests find it.</remarks>
public interface IDatagramTransport
{
    /// <summary>This side's endpoint, with the port the system chose.</summary>
    EndPoint LocalEndPoint { get; }

    /// <summary>Whether an endpoint is this socket's own: what is sent there comes back.</summary>
    /// <param name="endPoint">A sender.</param>
    /// <returns>By default, whether it is <see cref="LocalEndPoint"/>; a socket on all addresses of its machine knows more.</returns>
    bool IsOwn(EndPoint endPoint) => endPoint.Equals(LocalEndPoint);

    /// <summary>Starts receiving; datagrams and errors are told until <see cref="Close"/>.</summary>
    /// <param name="received">Called for each datagram.</param>
    /// <param name="failed">Called for each error; the socket goes on.</param>
    void Start(Action<Datagram> received, Action<Exception> failed);

    /// <summary>Sends one datagram, now or at the end of this turn, or throws it away when the kernel has no room.</summary>
    /// <param name="datagram">Payload and receiver.</param>
    void Send(Datagram datagram);

    /// <summary>Lets go of the socket; what was sent before still leaves. No callback follows.</summary>
    void Close();

    /// <summary>What it knows beside the datagrams: <see cref="IMulticastGroups"/>, <see cref="IHopLimit"/>.</summary>
    /// <typeparam name="T">The kind of knowledge: an interface or a class that both sides know.</typeparam>
    /// <returns>Null: it knows nothing of the kind. By default the socket itself, when it is one.</returns>
    T? Feature<T>()
        where T : class => this as T;
}
