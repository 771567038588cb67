using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>The two addresses of a header, of one family.</summary>
internal static class ProxyAddresses
{
    /// <exception cref="ArgumentException">One of them has no form in a header.</exception>
    public static (EndPoint Source, EndPoint Destination)? Of(ProxyHeader header) => (header.Source, header.Destination) switch
    {
        (null, null) => null,
        (IPEndPoint source, IPEndPoint destination) when source.AddressFamily == destination.AddressFamily => Plain(source, destination),
        (IPEndPoint source, IPEndPoint destination) => (ToIPv6(source), ToIPv6(destination)),
        (UnixDomainSocketEndPoint source, UnixDomainSocketEndPoint destination) => (source, destination),
        var (source, destination) => throw new ArgumentException(
            $"A PROXY header has two addresses or none, both of IP or both of Unix sockets, and these are {source ?? (object)"none"} and {destination ?? (object)"none"}.",
            nameof(header)),
    };

    private static (EndPoint Source, EndPoint Destination) Plain(IPEndPoint source, IPEndPoint destination) =>
        source.Address.IsIPv4MappedToIPv6 && destination.Address.IsIPv4MappedToIPv6
            ? (new IPEndPoint(source.Address.MapToIPv4(), source.Port), new IPEndPoint(destination.Address.MapToIPv4(), destination.Port))
            : (source, destination);

    private static IPEndPoint ToIPv6(IPEndPoint endPoint) => new(endPoint.Address.MapToIPv6(), endPoint.Port);
}
