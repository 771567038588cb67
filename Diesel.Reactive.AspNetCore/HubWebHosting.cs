using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Diesel.Reactive.AspNetCore;

/// <summary>Puts web hosts on a hub.</summary>
public static class HubWebHosting
{
    /// <summary>Serves the application over HTTP/1.1 on a hub, in place of Kestrel.</summary>
    /// <param name="builder">The host's.</param>
    /// <param name="options">Which hub, where the application runs, bounds; null for the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <remarks>Addresses, certificates and limits are taken from where Kestrel takes them: <c>Urls</c>, and <c>Kestrel</c> in the configuration. HTTP/2, gRPC and
    /// HTTP/3 are Kestrel's: see <see cref="UseHub"/>.</remarks>
    public static IWebHostBuilder UseDiesel(this IWebHostBuilder builder, DieselServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureServices(services => services.AddSingleton<IServer>(provider => new DieselServer(
            options ?? new(), provider.GetRequiredService<ILoggerFactory>(), provider.GetService<IConfiguration>())));
    }

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
