using System.Net;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>Where nodes are, as errors and logs show it.</summary>
internal static class RiakPlaces
{
    /// <summary>Host and port without the family, which a <see cref="DnsEndPoint"/> tells first.</summary>
    public static string Shown(this EndPoint server) => server is DnsEndPoint name ? $"{name.Host}:{name.Port}" : $"{server}";
}
