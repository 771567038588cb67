using System.Net;
using System.Net.NetworkInformation;

namespace Diesel.Reactive;

/// <summary>Tells whether an endpoint is a socket's own, also when that is bound to all addresses of the machine.</summary>
internal static class OwnAddresses
{
    private const long FreshMilliseconds = 10_000;

    private static volatile Known? _known;

    public static bool IsOwn(EndPoint local, EndPoint other)
    {
        if (local.IsUnix())
        {
            return local.Equals(other);
        }

        if (local is not IPEndPoint own || other is not IPEndPoint sender || own.Port != sender.Port)
        {
            return false;
        }

        var address = Plain(sender.Address);
        return IsWildcard(own.Address) ? IPAddress.IsLoopback(address) || OfMachine().Contains(address) : Plain(own.Address).Equals(address);
    }

    // Asked only for senders at the same port, which may be many where both sides have a fixed one.
    private static HashSet<IPAddress> OfMachine()
    {
        if (_known is not { } known || Environment.TickCount64 - known.At > FreshMilliseconds)
        {
            _known = known = new Known(Ask(), Environment.TickCount64);
        }

        return known.Addresses;
    }

    private static HashSet<IPAddress> Ask()
    {
        try
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces()
                .SelectMany(static network => network.GetIPProperties().UnicastAddresses)
                .Select(static unicast => Plain(unicast.Address))];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }

    private static bool IsWildcard(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private sealed record Known(HashSet<IPAddress> Addresses, long At);
}
