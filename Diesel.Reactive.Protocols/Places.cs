using System.Net;

namespace Diesel.Reactive.Protocols;

/// <summary>Where servers are, as errors and logs show it.</summary>
internal static class Places
{
    /// <summary>Host and port without the family, which a <see cref="DnsEndPoint"/> tells first.</summary>
    public static string Shown(this EndPoint server) => server is DnsEndPoint name ? $"{name.Host}:{name.Port}" : $"{server}";
}
