using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Diesel.Reactive.AspNetCore;

/// <summary>Has a server of ASP.NET Core, Kestrel, listen on a hub's network.</summary>
/// <param name="options">Which hub, and bounds; null for the defaults.</param>
/// <remarks>The bytes move on the hub's thread, the server's code runs on the pool as always. See <see cref="HubWebHosting.UseDieselTransport"/>.</remarks>
public sealed class HubConnectionListenerFactory(HubTransportOptions? options = null) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly HubTransportOptions _options = options ?? new();

    /// <summary>Whether it can listen at an endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <returns>True for an address and port, a Unix socket, and one that systemd has handed over.</returns>
    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint or UnixDomainSocketEndPoint or SystemdSocket;

    /// <summary>Listens.</summary>
    /// <param name="endpoint">Address and port (port 0 lets the system choose), or a path.</param>
    /// <param name="cancellationToken">Looked at before.</param>
    /// <returns>The listener, listening.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="endpoint"/> is null.</exception>
    /// <exception cref="AddressInUseException">Somebody else listens there.</exception>
    /// <exception cref="ConnectionException">The endpoint is not ours, or not allowed.</exception>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return new(new HubConnectionListener(endpoint, _options));
        }
        catch (ConnectionException error) when (error.InnerException is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
        {
            throw new AddressInUseException(error.Message, error);
        }
    }
}
