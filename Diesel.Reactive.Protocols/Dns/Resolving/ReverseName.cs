using System.Globalization;
using System.Net;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>The name that stands for an address: RFC 1035, section 3.5, RFC 3596, section 2.5.</summary>
internal static class ReverseName
{
    public static DnsName Of(IPAddress address)
    {
        var bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
        Array.Reverse(bytes);
        return bytes.Length == 4
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes[0]}.{bytes[1]}.{bytes[2]}.{bytes[3]}.in-addr.arpa.")
            : string.Concat(bytes.Select(static value => string.Create(CultureInfo.InvariantCulture, $"{value & 15:x}.{value >> 4:x}."))) + "ip6.arpa.";
    }
}
