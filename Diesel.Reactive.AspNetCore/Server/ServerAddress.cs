using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Diesel.Reactive.AspNetCore;

/// <summary>Addresses as hosts write them: <c>http://localhost:5000</c>, <c>https://*:443</c>, <c>http://unix:/run/app.sock</c>.</summary>
internal static class ServerAddress
{
    /// <summary>The endpoints of an address: of localhost two, where there is IPv6.</summary>
    /// <exception cref="InvalidOperationException">It is none, or there is no certificate for it.</exception>
    public static IEnumerable<DieselEndPoint> Parse(string address, TlsServerOptions? tls)
    {
        var parsed = Binding(address);
        var isSecure = parsed.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase);
        if (isSecure && tls is null)
        {
            throw new InvalidOperationException(
                $"'{address}' needs a certificate: set {nameof(DieselServerOptions)}.{nameof(DieselServerOptions.Tls)}, or Kestrel:Certificates:Default:Path in the configuration.");
        }

        if (!isSecure && !parsed.Scheme.Equals("http", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException($"'{address}' is neither http nor https.");
        }

        return EndPointsOf(parsed).Select(endPoint => new DieselEndPoint(endPoint, isSecure ? tls : null));
    }

    public static string Show(EndPoint endPoint, bool isSecure)
    {
        var scheme = isSecure ? "https" : "http";
        return endPoint is UnixDomainSocketEndPoint ? $"{scheme}://unix:{endPoint}" : $"{scheme}://{endPoint}";
    }

    private static BindingAddress Binding(string address)
    {
        try
        {
            return BindingAddress.Parse(address);
        }
        catch (FormatException error)
        {
            throw new InvalidOperationException($"'{address}' is no address of a server: {error.Message}", error);
        }
    }

    private static IEnumerable<EndPoint> EndPointsOf(BindingAddress parsed)
    {
        if (parsed.IsUnixPipe)
        {
            return [new UnixDomainSocketEndPoint(parsed.UnixPipePath)];
        }

        if (parsed.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            // With port 0 the two would have different ports.
            return parsed.Port == 0 || !HasIPv6()
                ? [new IPEndPoint(IPAddress.Loopback, parsed.Port)]
                : [new IPEndPoint(IPAddress.Loopback, parsed.Port), new IPEndPoint(IPAddress.IPv6Loopback, parsed.Port)];
        }

        // A socket of IPv6 that listens everywhere has clients of IPv4, too.
        return [new IPEndPoint(IPAddress.TryParse(parsed.Host, out var ip) ? ip : HasIPv6() ? IPAddress.IPv6Any : IPAddress.Any, parsed.Port)];
    }

    // A machine may know IPv6 and have no address of it.
    private static bool HasIPv6()
    {
        try
        {
            using var probe = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
