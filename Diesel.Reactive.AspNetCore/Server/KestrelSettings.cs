using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Diesel.Reactive.Protocols.Http;
using Microsoft.Extensions.Configuration;

namespace Diesel.Reactive.AspNetCore;

/// <summary>What the configuration says of Kestrel, and holds for this server: <c>Kestrel:Endpoints</c>, <c>Kestrel:Certificates:Default</c> and <c>Kestrel:Limits</c>.</summary>
internal sealed class KestrelSettings
{
    public KestrelSettings(IConfiguration? configuration, DieselServerOptions options, TimeSpan? drain)
    {
        var kestrel = configuration?.GetSection("Kestrel");
        DefaultTls = CertificateOf(kestrel?.GetSection("Certificates:Default")) ?? options.Tls;
        EndPoints = [.. (kestrel?.GetSection("Endpoints").GetChildren() ?? []).SelectMany(EndPointsOf)];
        var http = options.Http ?? LimitsOf(kestrel?.GetSection("Limits"), drain);
        MaxBody = options.Http is { } own ? own.Limits.MaxBody : MaxBodyOf(kestrel?.GetSection("Limits"));

        // Bodies are bounded where the application reads them, as it may choose another bound for a request.
        Http = http with { Limits = http.Limits with { MaxBody = options.MostBody } };
    }

    /// <summary>For addresses that name no certificate.</summary>
    public TlsServerOptions? DefaultTls { get; }

    public IReadOnlyList<DieselEndPoint> EndPoints { get; }

    public HttpServiceOptions Http { get; }

    /// <summary>Null: no limit.</summary>
    public long? MaxBody { get; }

    private static HttpServiceOptions LimitsOf(IConfigurationSection? limits, TimeSpan? drain)
    {
        var defaults = new HttpServiceOptions();
        defaults = defaults with { DrainTimeout = drain ?? defaults.DrainTimeout };
        return limits is null ? defaults : defaults with
        {
            MaxConnections = Find<int>(limits, "MaxConcurrentConnections"),
            KeepAliveTimeout = Find<TimeSpan>(limits, "KeepAliveTimeout") ?? defaults.KeepAliveTimeout,
            HeadTimeout = Find<TimeSpan>(limits, "RequestHeadersTimeout") ?? defaults.HeadTimeout,
            Limits = defaults.Limits with
            {
                MaxLine = Find<int>(limits, "MaxRequestLineSize") ?? defaults.Limits.MaxLine,
                MaxHeaders = Find<int>(limits, "MaxRequestHeadersTotalSize") ?? defaults.Limits.MaxHeaders,
                MaxFields = Find<int>(limits, "MaxRequestHeaderCount") ?? defaults.Limits.MaxFields,
            },
        };
    }

    private static long? MaxBodyOf(IConfigurationSection? limits) =>
        limits?["MaxRequestBodySize"] is null ? new HttpLimits().MaxBody : Find<long>(limits, "MaxRequestBodySize");

    // By hand: the binder reads by reflection, which a trimmed program may not have. Nothing, or an empty text: null.
    private static T? Find<T>(IConfigurationSection limits, string key)
        where T : struct, IParsable<T> =>
        limits[key] is not { Length: > 0 } text ? null
        : T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value
        : throw new InvalidOperationException($"{limits.Path}:{key} in the configuration is '{text}', which is no {typeof(T).Name}.");

    private static TlsServerOptions? CertificateOf(IConfigurationSection? certificate) => certificate?["Path"] is not { } path ? null
        : new TlsServerOptions { Certificate = Path.GetExtension(path).ToUpperInvariant() is ".PFX" or ".P12"
            ? new TlsCertificate(X509CertificateLoader.LoadPkcs12FromFile(path, certificate["Password"]))
            : TlsCertificate.FromPem(path, certificate["KeyPath"]) };

    private IEnumerable<DieselEndPoint> EndPointsOf(IConfigurationSection endPoint) => endPoint["Url"] is { } url
        ? ServerAddress.Parse(url, CertificateOf(endPoint.GetSection("Certificate")) ?? DefaultTls)
        : throw new InvalidOperationException($"{endPoint.Path}:Url is missing in the configuration.");
}
