using System.Net;
using System.Net.Sockets;
using Diesel.Reactive.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Diesel.Reactive.Tests;

/// <summary>A web application served by a hub, or for comparison by Kestrel.</summary>
internal sealed class WebOnHub : IAsyncDisposable
{
    private WebOnHub(WebApplication app) => App = app;

    public WebApplication App { get; }

    public Uri Address => new(App.Urls.First());

    public static Task<WebOnHub> Start(DieselServerOptions options, Action<WebApplication> map, Action<WebApplicationBuilder>? configure = null, string url = "http://127.0.0.1:0") =>
        Start(web => web.UseDiesel(options).UseUrls(url), map, configure);

    public static Task<WebOnHub> StartKestrel(Action<WebApplication> map, Action<WebApplicationBuilder>? configure = null) =>
        Start(static web => web.UseKestrel().UseUrls("http://127.0.0.1:0"), map, configure);

    public HttpClient Client() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        SslOptions = new() { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
        ConnectCallback = App.Urls.First().Contains("unix:", StringComparison.Ordinal) ? ConnectUnix : null,
    })
    {
        BaseAddress = App.Urls.First().Contains("unix:", StringComparison.Ordinal) ? new("http://localhost") : Address,
        Timeout = Live.Patience,
    };

    /// <summary>Sends bytes as they are, and reads until the server ends.</summary>
    public async Task<string> Say(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(request));
        client.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync().WaitAsync(Live.Patience);
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    private static async Task<WebOnHub> Start(Action<IWebHostBuilder> serve, Action<WebApplication> map, Action<WebApplicationBuilder>? configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        serve(builder.WebHost);
        configure?.Invoke(builder);
        var app = builder.Build();
        map(app);
        await app.StartAsync().WaitAsync(Live.Patience);
        return new WebOnHub(app);
    }

    private async ValueTask<Stream> ConnectUnix(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(App.Urls.First()["http://unix:".Length..]), cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
