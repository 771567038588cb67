using Diesel.Reactive.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Diesel.Reactive.AspNetCore;

/// <summary>Puts web hosts on a hub.</summary>
public static class HubWebHosting
{
    /// <summary>Serves the application over HTTP/1.1 on a hub, in place of Kestrel.</summary>
    /// <param name="builder">The host's.</param>
    /// <param name="options">Which hub (by default the host's, if it has one by <see cref="HubHosting.AddDiesel"/>), where the application runs, bounds; null for the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <remarks>Addresses, certificates and limits are taken from where Kestrel takes them: <c>Urls</c>, and <c>Kestrel</c> in the configuration. HTTP/2, gRPC and
    /// HTTP/3 are Kestrel's: see <see cref="UseDieselTransport"/>.</remarks>
    public static IWebHostBuilder UseDiesel(this IWebHostBuilder builder, DieselServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        options ??= new();
        return builder.ConfigureServices(services => services.AddSingleton<IServer>(provider => new DieselServer(
            options with { Hub = options.Hub ?? provider.GetService<Hub>() }, provider.GetRequiredService<ILoggerFactory>(), provider.GetService<IConfiguration>(), provider.GetService<IWebHostEnvironment>(),
            provider.GetService<IOptions<HostOptions>>())));
    }

    /// <summary>Serves the application in a test, on a hub that the test has made: see <see cref="DieselTestServer"/>, which does the same and starts it.</summary>
    /// <param name="builder">The host's: that of <c>WebApplicationFactory</c>, say.</param>
    /// <param name="hub">Where it is served, the program's <see cref="Hub"/>, and whose time is its <see cref="TimeProvider"/>.</param>
    /// <param name="options">Bounds, and where it runs and listens; null: on the hub, at a port of 127.0.0.1 that the network chooses. The hub is set.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="hub"/> is null.</exception>
    public static IWebHostBuilder UseDieselTestServer(this IWebHostBuilder builder, Hub hub, DieselServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(hub);
        return DieselTestServer.Serve(builder, hub, options);
    }

    /// <summary>Has Kestrel listen on a hub's network: its HTTP/1.1, HTTP/2, gRPC, SignalR and HTTPS run there as they are.</summary>
    /// <param name="builder">The host's.</param>
    /// <param name="options">Which hub, and bounds of its connections; null for the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <remarks>Addresses and ports, and Unix sockets; pipes and handles of files stay with Kestrel's own transports. What lets somebody connect from here is there
    /// as well, as <see cref="IConnectionFactory"/>.</remarks>
    public static IWebHostBuilder UseDieselTransport(this IWebHostBuilder builder, HubTransportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureServices(services => services
            .AddSingleton<IConnectionListenerFactory>(provider => new HubConnectionListenerFactory(OnHubOf(provider, options ?? new())))
            .AddSingleton<IConnectionFactory>(provider => new HubConnectionFactory(OnHubOf(provider, options ?? new()))));
    }

    private static HubTransportOptions OnHubOf(IServiceProvider provider, HubTransportOptions options) => options with { Hub = options.Hub ?? provider.GetService<Hub>() };
}
