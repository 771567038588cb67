using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Diesel.Reactive.AspNetCore;

/// <summary>Connects from a hub, for what takes connections of ASP.NET Core.</summary>
/// <param name="options">Which hub, timeouts and bounds; null for the defaults.</param>
public sealed class HubConnectionFactory(HubTransportOptions? options = null) : IConnectionFactory
{
    private readonly HubTransportOptions _options = options ?? new();

    /// <summary>Connects.</summary>
    /// <param name="endpoint">As <see cref="Tcp.Connect(EndPoint, TcpConnectOptions, Hub)"/> takes it: a host and port, say.</param>
    /// <param name="cancellationToken">Gives the dial up.</param>
    /// <returns>The connection, which has the <see cref="Connection"/> among its features. Disposing it closes that gracefully.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="endpoint"/> is null.</exception>
    /// <exception cref="ConnectionException">Nobody answers there.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        var dial = Tcp.Connect(endpoint, DialOptions, _options.HubOrDefault);
        return new HubConnectionContext(await dial.Until(cancellationToken).AsTask().ConfigureAwait(false));
    }

    private TcpConnectOptions DialOptions => _options.Connections as TcpConnectOptions ?? new TcpConnectOptions
    {
        HighWaterMark = _options.Connections.HighWaterMark,
        LowWaterMark = _options.Connections.LowWaterMark,
        MaxPendingBytes = _options.Connections.MaxPendingBytes,
        CloseTimeout = _options.Connections.CloseTimeout,
        Socket = _options.Connections.Socket,
        Layer = _options.Connections.Layer,
    };
}
