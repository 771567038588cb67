using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Testing;

/// <summary>The Unix sockets of one kind that others can reach on a host: behind each path, or abstract name, is a port that no address leads to.</summary>
internal sealed class SocketPaths
{
    private readonly Dictionary<EndPoint, IPEndPoint> _ports = [];

    /// <summary>What most who connect have: no name.</summary>
    public static EndPoint Unnamed { get; } = new UnixDomainSocketEndPoint("any").Create(new SocketAddress(AddressFamily.Unix, sizeof(ushort)));

    /// <summary>The address of these ports.</summary>
    public static IPAddress Nowhere { get; } = new([127, 255, 255, 254]);

    /// <summary>Where a path leads to; null: nothing is there.</summary>
    public IPEndPoint? At(EndPoint path) => _ports.GetValueOrDefault(path);

    public void Add(EndPoint path, int port) => _ports.Add(path, new IPEndPoint(Nowhere, port));

    public void Remove(EndPoint path) => _ports.Remove(path);
}
