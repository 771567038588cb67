using System.Net;
using Diesel.Reactive.AspNetCore;
using Diesel.Reactive.Benchmarks.Harness;
using Diesel.Reactive.Protocols.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Diesel.Reactive.Benchmarks.Http;

/// <summary>One ASP.NET Core application on this library's server, in both of its modes, and on Kestrel: the line that chooses is all they differ in.</summary>
internal static class WebPeers
{
    public static IPEndPoint StartOnPool(int port) => Start(port, Diesel(onHub: false));

    public static IPEndPoint StartOnHub(int port) => Start(port, Diesel(onHub: true));

    public static IPEndPoint StartKestrel(int port) => Start(port, Kestrel(inline: false));

    /// <summary>The application runs on the socket's thread; its authors call the option unsafe.</summary>
    public static IPEndPoint StartKestrelInline(int port) => Start(port, Kestrel(inline: true));

    static Action<IWebHostBuilder> Diesel(bool onHub) => web => web.UseDiesel(new()
    {
        Hub = new Hub(),
        RunsOnHub = onHub,
        Http = new HttpServiceOptions { Socket = new() { Backlog = ServerProgram.Backlog } },
    });

    static Action<IWebHostBuilder> Kestrel(bool inline) => web => web.UseSockets(sockets =>
    {
        sockets.Backlog = ServerProgram.Backlog;
        sockets.UnsafePreferInlineScheduling = inline;
    });

    static IPEndPoint Start(int port, Action<IWebHostBuilder> serve)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        serve(builder.WebHost);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var application = builder.Build();
        application.MapGet("/", static () => "hello");
        application.MapGet("/json", static () => new HttpPeers.Message("Hello, World!"));
        ((IHost)application).Start();
        return new IPEndPoint(IPAddress.Loopback, new Uri(application.Urls.First()).Port);
    }
}
