using System.Net;
using Diesel.Reactive.AspNetCore;
using Diesel.Reactive.Benchmarks.Harness;
using Diesel.Reactive.Protocols.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Diesel.Reactive.Benchmarks.Http;

/// <summary>One ASP.NET Core application on this library's server, in both of its modes, and on Kestrel: the line that chooses is all they differ in.</summary>
internal static class WebPeers
{
    public static IPEndPoint StartOnPool(int port) => Start(port, Diesel(onHub: false));

    public static IPEndPoint StartOnHub(int port) => Start(port, Diesel(onHub: true));

    /// <summary>On the hubs of a group, one for each core.</summary>
    public static IPEndPoint StartOnGroup(int port) => Start(port, static web => web.UseDiesel(new()
    {
        Hubs = new HubGroup(),
        RunsOnHub = true,
        Http = new HttpServiceOptions { Socket = new() { Backlog = ServerProgram.Backlog } },
    }));

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
        builder.Services.AddRazorComponents();
        var application = builder.Build();
        application.MapGet("/", static () => "hello");
        application.MapGet("/json", static () => new HttpPeers.Message("Hello, World!"));
        application.MapGet("/page", static () => new RazorComponentResult<Page>());
        ((IHost)application).Start();
        return new IPEndPoint(IPAddress.Loopback, new Uri(application.Urls.First()).Port);
    }

    /// <summary>A page as a template has it: a heading and a table of twenty rows. What a .razor file becomes.</summary>
    sealed class Page : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.AddMarkupContent(0, "<!DOCTYPE html><html lang=\"en\"><head><title>Weather</title></head><body><h1>Weather</h1>");
            builder.OpenElement(1, "table");
            for (var row = 0; row < 20; row++)
            {
                builder.OpenElement(2, "tr");
                builder.OpenElement(3, "td");
                builder.AddContent(4, row);
                builder.CloseElement();
                builder.OpenElement(5, "td");
                builder.AddContent(6, "mild & rainy");
                builder.CloseElement();
                builder.CloseElement();
            }

            builder.CloseElement();
            builder.AddMarkupContent(7, "</body></html>");
        }
    }
}
