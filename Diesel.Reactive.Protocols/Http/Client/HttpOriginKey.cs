namespace Diesel.Reactive.Protocols.Http;

/// <summary>Whom connections lead to: an authority, by way of whom.</summary>
/// <param name="IsTls">Whether <c>https</c> is spoken.</param>
/// <param name="Host">A name, or an address in text.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Proxy">By way of whom; null: nobody.</param>
internal readonly record struct HttpOriginKey(bool IsTls, string Host, int Port, Uri? Proxy)
{
    public const int HttpPort = 80;
    public const int HttpsPort = 443;

    /// <summary>Whether credentials for the one are for the other: the same scheme, host and port (RFC 6454).</summary>
    public bool IsSameOrigin(HttpOriginKey other) =>
        IsTls == other.IsTls && Port == other.Port && string.Equals(Host, other.Host, StringComparison.OrdinalIgnoreCase);

    public static HttpOriginKey Of(Uri uri, Uri? proxy) => new(IsSecure(uri), uri.IdnHost, uri.Port, proxy);

    public static bool IsSecure(Uri uri) => uri.Scheme == Uri.UriSchemeHttps;

    /// <summary>Host and port as they stand in Host (RFC 9110 §7.2): the scheme's own port is left out.</summary>
    public string Authority
    {
        get
        {
            var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
            return Port == (IsTls ? HttpsPort : HttpPort) ? host : $"{host}:{Port}";
        }
    }

    /// <summary>The URI of what stands in a request line; <c>*</c>, and whom a tunnel leads to, are no paths.</summary>
    public Uri UriOf(string target) => new($"{Scheme}://{Authority}{(target is ['/', ..] ? target : "/")}");

    public string Scheme => IsTls ? "https" : "http";

    public override string ToString() => $"{Scheme}://{Authority}{(Proxy is null ? "" : $" through the proxy {Proxy.Host}:{Proxy.Port}")}";
}
