using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Diesel.Reactive.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Diesel.Reactive.Tests;

/// <summary>A web application whose server listens on a hub.</summary>
internal sealed class KestrelOnHub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly bool _isSecure;

    private KestrelOnHub(WebApplication app, bool isSecure) => (_app, _isSecure) = (app, isSecure);

    public Uri Address => new(_app.Urls.Single().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));

    public static async Task<KestrelOnHub> Start(
        Hub hub, Action<WebApplication> map, HttpProtocols protocols = HttpProtocols.Http1AndHttp2, bool secure = false, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseDieselTransport(new() { Hub = hub }).ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            if (secure)
            {
                listen.UseHttps(Certificate());
            }
        }));
        configure?.Invoke(builder);
        var app = builder.Build();
        map(app);
        await app.StartAsync().WaitAsync(Live.Patience);
        return new KestrelOnHub(app, secure);
    }

    /// <summary>A client that asks for one version and no other.</summary>
    public HttpClient Client(Version version) => new(new SocketsHttpHandler
    {
        SslOptions = new() { RemoteCertificateValidationCallback = _isSecure ? static (_, _, _, _) => true : null },
    })
    {
        BaseAddress = Address,
        DefaultRequestVersion = version,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = Live.Patience,
    };

    public Task Stop() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
