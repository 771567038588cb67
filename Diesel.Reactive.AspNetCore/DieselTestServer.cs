using System.Net;
using Diesel.Reactive.Protocols.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Diesel.Reactive.AspNetCore;

/// <summary>An ASP.NET Core application in a test, served on a hub that the test has made: on a virtual network and in virtual time, say.</summary>
/// <remarks>
/// <para>The application runs on the hub, and its <see cref="TimeProvider"/> is the hub's: where that is virtual, an hour passes at once. So in
/// <c>MarbleTest.RunAsync(async test => …)</c> of Diesel.Reactive.Testing, with <c>test.HubOn("server")</c>, no port is taken and no time waited.</para>
/// <para>Idea: <c>TestServer</c> of Microsoft.AspNetCore.TestHost, which has no network.</para>
/// </remarks>
public sealed class DieselTestServer : IAsyncDisposable
{
    // As of HttpClient, by the hub's clock.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private readonly Hub _hub;

    private DieselTestServer(WebApplication app, Hub hub) => (App, _hub) = (app, hub);

    /// <summary>The application, which runs.</summary>
    public WebApplication App { get; }

    /// <summary>Where it is reached from its own host.</summary>
    public Uri Address => new(App.Urls.First());

    /// <summary>Starts an application.</summary>
    /// <param name="hub">Where it is served, and the program's <see cref="Hub"/>.</param>
    /// <param name="map">Its endpoints and middleware.</param>
    /// <param name="configure">Its services; null: none of its own. It logs to nobody unless said here.</param>
    /// <param name="options">Bounds, and where it runs and listens; null: on the hub, at a port of 127.0.0.1 that the network chooses. The hub is set.</param>
    /// <returns>The server, listening.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="hub"/> or <paramref name="map"/> is null.</exception>
    public static async Task<DieselTestServer> Start(
        Hub hub, Action<WebApplication> map, Action<WebApplicationBuilder>? configure = null, DieselServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(hub);
        ArgumentNullException.ThrowIfNull(map);
        var app = Build(hub, configure, options);
        map(app);
        await app.StartAsync();
        return new(app, hub);
    }

    /// <summary>Makes a client of the application.</summary>
    /// <param name="hub">Where its connections live: that of another host, which reaches this one by the name of <paramref name="host"/>; null: the server's.</param>
    /// <param name="host">The server as that host knows it; null: its address.</param>
    /// <param name="options">Null: the defaults of <see cref="DieselHttpHandler"/>, without cookies and proxies. Its timeout takes the place of <see cref="HttpClient.Timeout"/>,
    /// which knows no other time than the system's.</param>
    /// <returns>The client, for relative addresses too.</returns>
    public HttpClient CreateClient(Hub? hub = null, string? host = null, HttpClientOptions? options = null)
    {
        var handler = new DieselHttpHandler(options ?? DieselHttpHandler.Defaults with { Cookies = null, WebProxy = null, Timeout = Patience }, hub ?? _hub);
        return new HttpClient(handler)
        {
            BaseAddress = host is null ? Address : new UriBuilder(Address) { Host = host }.Uri,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Ends the application: it listens no more, and its services are disposed of.</summary>
    /// <returns>Done when it is.</returns>
    /// <remarks>Its hosted services are not told to stop: <c>App.StopAsync()</c> does that, on the thread pool and so in real time.</remarks>
    public ValueTask DisposeAsync() => App.DisposeAsync();

    // What watches the files of settings runs for ever, and virtual time waits for all that flows from a test.
    private static WebApplication Build(Hub hub, Action<WebApplicationBuilder>? configure, DieselServerOptions? options)
    {
        using var unwatched = ExecutionContext.SuppressFlow();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        configure?.Invoke(builder);
        builder.WebHost.UseDieselTestServer(hub, options);
        return builder.Build();
    }

    internal static IWebHostBuilder Serve(IWebHostBuilder builder, Hub hub, DieselServerOptions? options)
    {
        options ??= new() { RunsOnHub = true };
        IReadOnlyList<DieselEndPoint> endPoints = options.EndPoints.Count > 0 ? options.EndPoints : [new(new IPEndPoint(IPAddress.Loopback, 0))];
        return builder
            .UseDiesel(options with { Hub = hub, EndPoints = endPoints })
            .ConfigureServices(services => services
                .Replace(ServiceDescriptor.Singleton(hub))
                .Replace(ServiceDescriptor.Singleton(hub.TimeProvider)));
    }
}
