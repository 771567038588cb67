using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Diesel.Reactive;

/// <summary>What a proxy is asked for, in text.</summary>
internal static class ProxyTarget
{
    /// <summary>A host's name as a name server would be asked for it; null: it is none, and might be taken for more than a name.</summary>
    public static byte[]? NameOf(string host)
    {
        try
        {
            var name = new IdnMapping { AllowUnassigned = true }.GetAscii(host);
            return name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') ? Encoding.ASCII.GetBytes(name) : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Host and port as in a URL; null: the endpoint has no such form.</summary>
    public static string? Authority(EndPoint endPoint) => endPoint switch
    {
        IPEndPoint { AddressFamily: AddressFamily.InterNetworkV6 } ip => $"[{new IPAddress(ip.Address.GetAddressBytes())}]:{ip.Port}",
        IPEndPoint ip => $"{ip.Address}:{ip.Port}",
        DnsEndPoint name when IPAddress.TryParse(name.Host, out var address) => Authority(new IPEndPoint(address, name.Port)),
        DnsEndPoint name when NameOf(name.Host) is { } host => $"{Encoding.ASCII.GetString(host)}:{name.Port}",
        _ => null,
    };
}
