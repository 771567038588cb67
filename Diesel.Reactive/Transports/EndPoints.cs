using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>What callers say for an endpoint: where to listen, whom to dial.</summary>
internal static class EndPoints
{
    /// <summary>What most who connect to a Unix socket have: no name. To be bound to it is to be given one that no other has.</summary>
    public static EndPoint Unnamed { get; } = new UnixDomainSocketEndPoint("any").Create(new SocketAddress(AddressFamily.Unix, sizeof(ushort)));

    /// <summary>Whether it is a Unix socket's that has no name.</summary>
    public static bool IsUnnamed(this EndPoint endPoint) => endPoint is UnixDomainSocketEndPoint && endPoint.ToString() is null or "";

    /// <summary>A port of all IPv4 addresses of the machine.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    public static EndPoint Local(int port)
    {
        Ports.ThrowIfNone(port);
        return new IPEndPoint(IPAddress.Any, port);
    }

    /// <summary>An endpoint that can be one's own.</summary>
    /// <exception cref="ArgumentException"><paramref name="endPoint"/> is a name.</exception>
    public static EndPoint Local(EndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return endPoint is not DnsEndPoint ? endPoint : throw new ArgumentException(
            $"{Text(endPoint)} is a name, and may have many addresses. Say at which of this machine's: an IPEndPoint.", nameof(endPoint));
    }

    /// <summary>A host's port; the name is looked up for each dial.</summary>
    /// <exception cref="ArgumentException"><paramref name="host"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    public static EndPoint Remote(string host, int port)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        Ports.ThrowIfNoPeer(port);
        return new DnsEndPoint(host, port);
    }

    /// <summary>An endpoint that can be a peer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Its port is 0.</exception>
    public static EndPoint Remote(EndPoint remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        if (TryPort(remote) is { } port)
        {
            Ports.ThrowIfNoPeer(port, nameof(remote));
        }

        return remote;
    }

    /// <summary>Endpoints that can be peers, each once, in their order.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The port of one is 0.</exception>
    public static EndPoint[] Several(IReadOnlyList<EndPoint> endPoints)
    {
        ArgumentNullException.ThrowIfNull(endPoints);
        return endPoints.Count > 0 ? [.. endPoints.Select(Remote).Distinct()]
            : throw new ArgumentException("There is no endpoint: name at least one.", nameof(endPoints));
    }

    /// <exception cref="InvalidOperationException">It has none.</exception>
    public static int Port(EndPoint endPoint) => TryPort(endPoint)
        ?? throw new InvalidOperationException($"{endPoint} has no port: look at EndPoint.");

    /// <summary>As people write it: of a name without .NET's address family, and of who has none that it is so.</summary>
    public static string Text(EndPoint endPoint) => endPoint switch
    {
        DnsEndPoint name => $"{name.Host}:{name.Port}",
        UnixDomainSocketEndPoint when endPoint.IsUnnamed() => "an unnamed socket",
        _ => $"{endPoint}",
    };

    /// <summary>A connection, as errors show it.</summary>
    public static string Connection(EndPoint local, EndPoint remote) => $"connection {Text(local)} to {Text(remote)}";

    private static int? TryPort(EndPoint endPoint) => endPoint switch
    {
        IPEndPoint ip => ip.Port,
        DnsEndPoint name => name.Port,
        _ => null,
    };
}
