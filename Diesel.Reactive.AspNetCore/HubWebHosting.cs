using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Diesel.Reactive.AspNetCore;

/// <summary>Puts web hosts on a hub.</summary>
public static class HubWebHosting
{
    /// <summary>Has Kestrel listen on a hub's network: its HTTP/1.1, HTTP/2, gRPC, SignalR and HTTPS run there as they are.</summary>
    /// <param name="builder">The host's.</param>
    /// <param name="options">Which hub, and bounds of its connections; null for the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <remarks>Addresses and ports, and Unix sockets; pipes and handles of files stay with Kestrel's own transports. What lets somebody connect from here is there
    /// as well, as <see cref="IConnectionFactory"/>.</remarks>
    public static IWebHostBuilder UseHub(this IWebHostBuilder builder, HubTransportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureServices(services => services
            .AddSingleton<IConnectionListenerFactory>(_ => new HubConnectionListenerFactory(options))
            .AddSingleton<IConnectionFactory>(_ => new HubConnectionFactory(options)));
    }
}
