using System.Net;

namespace Diesel.Reactive;

/// <summary><see cref="IDatagramSocket.Peers"/>: sorts datagrams by sender and ends conversations that went idle.</summary>
internal sealed class DatagramPeers(
    Hub hub, IDatagramSocket socket, UdpOptions options, TimeSpan idle, IObserver<DatagramPeer> observer, Action dropped) : IDisposable
{
    private readonly Dictionary<EndPoint, DatagramPeer> _peers = [];
    private IDisposable? _subscription;

    public DatagramPeers Start()
    {
        _subscription = socket.Datagrams().Subscribe(OnDatagram, observer.OnError, OnSocketClosed);
        return this;
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        hub.Invoke(static p => ((DatagramPeers)p!).EndAll(), this);
    }

    public void Touch(DatagramPeer peer) => peer.LastActivity = hub.Elapsed;

    public void End(DatagramPeer peer) => hub.Invoke(_ =>
    {
        if (_peers.TryGetValue(peer.RemoteEndPoint, out var present) && present == peer)
        {
            _peers.Remove(peer.RemoteEndPoint);
            peer.Close();
        }
    }, null);

    private void OnDatagram(Datagram datagram)
    {
        if (_peers.TryGetValue(datagram.RemoteEndPoint, out var peer))
        {
            Touch(peer);
            peer.Add(datagram.Payload);
            return;
        }

        if (_peers.Count >= options.MaxPeers)
        {
            dropped();
            return;
        }

        peer = new DatagramPeer(this, socket, datagram.RemoteEndPoint, hub, options);
        _peers.Add(datagram.RemoteEndPoint, peer);
        Touch(peer);
        peer.Add(datagram.Payload);
        Watch(peer, idle);
        Give(peer);
    }

    // One sender's datagram must not end the conversations of all others.
    private void Give(DatagramPeer peer)
    {
        try
        {
            observer.OnNext(peer);
        }
        catch (Exception error)
        {
            hub.Report(error, peer.ToString());
            End(peer);
        }
    }

    // One timer per conversation, armed again for what is left when there was traffic meanwhile.
    private void Watch(DatagramPeer peer, TimeSpan wait) => hub.StartTimer(wait, _ =>
    {
        var left = peer.LastActivity + idle - hub.Elapsed;
        if (left <= TimeSpan.Zero)
        {
            End(peer);
        }
        else if (_peers.TryGetValue(peer.RemoteEndPoint, out var present) && present == peer)
        {
            Watch(peer, left);
        }
    }, peer);

    private void OnSocketClosed()
    {
        EndAll();
        observer.OnCompleted();
    }

    private void EndAll()
    {
        foreach (var peer in _peers.Values.ToArray())
        {
            End(peer);
        }
    }
}
