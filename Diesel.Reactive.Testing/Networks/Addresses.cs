using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Testing;

/// <summary>Readings of addresses.</summary>
internal static class Addresses
{
    public static bool IsWildcard(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    /// <summary>The loopback address of the same family.</summary>
    public static IPAddress LoopbackOf(AddressFamily family) =>
        family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;

    /// <summary>An endpoint with address and port, its address in its plain form.</summary>
    public static IPEndPoint Plain(EndPoint endPoint) => endPoint is not IPEndPoint ip
        ? throw new ArgumentException($"A virtual network knows IP endpoints and Unix sockets; this is {endPoint}.", nameof(endPoint))
        : ip.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(ip.Address.MapToIPv4(), ip.Port)
        : ip;
}
