using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Testing;

/// <summary>Where the scripted peers of a test wait, and where they can dial.</summary>
internal sealed class DuplexPeers
{
    private const int FirstPort = 40_000;

    private static readonly IPAddress Ours = new([10, 0, 0, 1]);
    private static readonly IPAddress Theirs = new([10, 0, 0, 2]);

    private readonly List<(IPEndPoint At, IDuplexPeer Peer)> _waiting = [];
    private readonly List<DuplexListener> _listeners = [];
    private int _port = FirstPort;

    public void Add(IPEndPoint at, IDuplexPeer peer) => _waiting.Add((at, peer));

    /// <summary>The peer that a dial meets; null: none waits there.</summary>
    public IDuplexPeer? At(EndPoint endPoint)
    {
        if (endPoint is UnixDomainSocketEndPoint)
        {
            return null;
        }

        var dialled = Addresses.Plain(endPoint);
        return _waiting.Find(each => each.At.Equals(dialled) && !each.Peer.IsTaken).Peer;
    }

    /// <summary>A new endpoint on the test's side.</summary>
    public IPEndPoint OurEndPoint() => new(Ours, _port++);

    /// <summary>A new endpoint on the peer's side.</summary>
    public IPEndPoint TheirEndPoint() => new(Theirs, _port++);

    public void Add(DuplexListener listener) => _listeners.Add(listener);

    public void Remove(DuplexListener listener) => _listeners.Remove(listener);

    public DuplexListener ListenerAt(EndPoint endPoint) => _listeners.Find(each => each.LocalEndPoint.Equals(endPoint))
        ?? throw new InvalidOperationException($"Nobody listens at {endPoint} on a hub of the test's: start the service with service.Start(t.Hub) before.");
}
