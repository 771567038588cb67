using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>What the system's datagram sockets know about groups and hops, whichever loop they are for.</summary>
/// <remarks>Sources are Linux's own options (RFC 3678's, by interface and whatever the family); the rest is .NET's.</remarks>
internal sealed class SystemMulticast(Socket socket) : IMulticastGroups, IHopLimit
{
    private const int IPv6Level = 41;
    private const int AddressLength = 128;

    private enum Membership
    {
        Join = 42,
        Block = 43,
        Unblock = 44,
        Leave = 45,
        JoinSource = 46,
        LeaveSource = 47,
    }

    public bool Loopback
    {
        get => Get(SocketOptionName.MulticastLoopback) != 0;
        set => Set("send to groups from", SocketOptionName.MulticastLoopback, value ? 1 : 0, value ? 1 : 0);
    }

    public int TimeToLive
    {
        get => Get(SocketOptionName.MulticastTimeToLive);
        set => Set("send to groups from", SocketOptionName.MulticastTimeToLive, InRange(value, 0), value);
    }

    public int Interface
    {
        get => IsV6 ? Get(SocketOptionName.MulticastInterface) : IPAddress.NetworkToHostOrder(Get(SocketOptionName.MulticastInterface));
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            Set("send to groups from", SocketOptionName.MulticastInterface, value, IPAddress.HostToNetworkOrder(value));
        }
    }

    int IHopLimit.TimeToLive
    {
        get => Get(SocketOptionName.IpTimeToLive);
        set => Set("limit the hops of", SocketOptionName.IpTimeToLive, InRange(value, 1), value);
    }

    private bool IsV6 => socket.AddressFamily == AddressFamily.InterNetworkV6;

    public void Join(IPAddress group, IPAddress? source = null, int networkInterface = 0)
    {
        Check(group, source);
        Change(source is null ? Membership.Join : Membership.JoinSource, "join", group, source, networkInterface);
    }

    public void Leave(IPAddress group, IPAddress? source = null, int networkInterface = 0)
    {
        Check(group, source);
        Change(source is null ? Membership.Leave : Membership.LeaveSource, "leave", group, source, networkInterface);
    }

    public void Block(IPAddress group, IPAddress source, int networkInterface = 0)
    {
        ArgumentNullException.ThrowIfNull(source);
        Check(group, source);
        Change(Membership.Block, "block a source of", group, source, networkInterface);
    }

    public void Unblock(IPAddress group, IPAddress source, int networkInterface = 0)
    {
        ArgumentNullException.ThrowIfNull(source);
        Check(group, source);
        Change(Membership.Unblock, "unblock a source of", group, source, networkInterface);
    }

    private static int InRange(int hops, int least)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hops, least, nameof(TimeToLive));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hops, byte.MaxValue, nameof(TimeToLive));
        return hops;
    }

    private static void Check(IPAddress group, IPAddress? source)
    {
        ArgumentNullException.ThrowIfNull(group);
        if (!(group.IsIPv6Multicast || (group.AddressFamily == AddressFamily.InterNetwork && (group.GetAddressBytes()[0] & 0xf0) == 0xe0)))
        {
            throw new ArgumentException($"{group} is no group: those of IPv4 are 224.0.0.0 to 239.255.255.255, those of IPv6 begin with ff.", nameof(group));
        }

        if (source is not null && source.AddressFamily != group.AddressFamily)
        {
            throw new ArgumentException($"The source {source} is of another family than the group {group}.", nameof(source));
        }
    }

    private int Get(SocketOptionName option) => (int)socket.GetSocketOption(IsV6 ? SocketOptionLevel.IPv6 : SocketOptionLevel.IP, option)!;

    private void Set(string what, SocketOptionName option, int v6, int v4)
    {
        if (IsV6)
        {
            Try(what, () => socket.SetSocketOption(SocketOptionLevel.IPv6, option, v6));
            AlsoOfIPv4(option, v4);
        }
        else
        {
            Try(what, () => socket.SetSocketOption(SocketOptionLevel.IP, option, v4));
        }
    }

    // A socket for both families sends to addresses of both; one that is bound to an address of IPv6 does not, and may say so.
    private void AlsoOfIPv4(SocketOptionName option, int value)
    {
        try
        {
            socket.SetSocketOption(SocketOptionLevel.IP, option, value);
        }
        catch (SocketException)
        {
            // It has no such option, and no such receivers.
        }
    }

    private void Change(Membership change, string what, IPAddress group, IPAddress? source, int networkInterface)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(networkInterface);
        Try($"{what} the group {group} at", () =>
        {
            if (OperatingSystem.IsLinux())
            {
                var level = group.AddressFamily == AddressFamily.InterNetworkV6 ? IPv6Level : 0;
                socket.SetRawSocketOption(level, (int)change, Request(group, source, networkInterface));
            }
            else
            {
                ChangePlainly(change, group, networkInterface);
            }
        });
    }

    private void ChangePlainly(Membership change, IPAddress group, int networkInterface)
    {
        if (change is not (Membership.Join or Membership.Leave))
        {
            throw new PlatformNotSupportedException("Sources of groups are told apart on Linux only; elsewhere join the group for all, and look at each datagram's sender.");
        }

        var option = change == Membership.Join ? SocketOptionName.AddMembership : SocketOptionName.DropMembership;
        if (group.AddressFamily == AddressFamily.InterNetworkV6)
        {
            socket.SetSocketOption(SocketOptionLevel.IPv6, option, new IPv6MulticastOption(group, networkInterface));
        }
        else
        {
            socket.SetSocketOption(SocketOptionLevel.IP, option, networkInterface == 0 ? new MulticastOption(group) : new MulticastOption(group, networkInterface));
        }
    }

    // struct group_req and group_source_req: an index in eight bytes, then an address or two in 128 bytes each.
    private static byte[] Request(IPAddress group, IPAddress? source, int networkInterface)
    {
        var request = new byte[sizeof(long) + (source is null ? AddressLength : 2 * AddressLength)];
        MemoryMarshal.Write(request, networkInterface);
        Write(group, request.AsSpan(sizeof(long)));
        if (source is not null)
        {
            Write(source, request.AsSpan(sizeof(long) + AddressLength));
        }

        return request;
    }

    private static void Write(IPAddress address, Span<byte> to)
    {
        var native = new IPEndPoint(address, 0).Serialize();
        native.Buffer.Span[..native.Size].CopyTo(to);
    }

    private void Try(string what, Action change)
    {
        try
        {
            change();
        }
        catch (SocketException error)
        {
            var local = socket.LocalEndPoint!;
            throw new ConnectionException($"Cannot {what} {local}: {SocketErrors.Name(error.SocketErrorCode)}.", local, error);
        }
    }
}
