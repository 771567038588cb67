using System.Net;

namespace Diesel.Reactive;

/// <summary><see cref="IDatagramSocket.Peers"/>: sorts datagrams by sender, ends conversations that went idle, and of too many
/// the one that was active least recently.</summary>
internal sealed class DatagramPeers(
    Hub hub, IDatagramSocket socket, MailBound bound, int maxPeers, TimeSpan idle, IObserver<DatagramPeer> observer) : IDisposable
{
    private readonly Dictionary<EndPoint, DatagramPeer> _peers = [];

    // The least recently active first.
    private readonly LinkedList<DatagramPeer> _byActivity = new();

    private IDisposable? _subscription;
    private Deadline? _quiet;

    public DatagramPeers Start()
    {
        _quiet = new Deadline(hub, static p => ((DatagramPeers)p!).EndIdle(), this);
        _subscription = socket.Datagrams().Subscribe(OnDatagram, OnReaderFailed, OnSocketClosed);
        return this;
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        hub.Invoke(static p => ((DatagramPeers)p!).EndAll("nobody observes the conversations any more"), this);
    }

    /// <summary>It was active just now. In a turn.</summary>
    public void Touch(DatagramPeer peer)
    {
        if (peer.Place.List is not null)
        {
            _byActivity.Remove(peer.Place);
            Place(peer);
        }
    }

    /// <summary>Ends a conversation, unless it has ended. In a turn.</summary>
    public void End(DatagramPeer peer, string because)
    {
        if (peer.Place.List is not null)
        {
            _byActivity.Remove(peer.Place);
            _peers.Remove(peer.RemoteEndPoint);
            peer.Close(because);
        }
    }

    private void OnDatagram(Datagram datagram)
    {
        if (_peers.TryGetValue(datagram.RemoteEndPoint, out var peer))
        {
            Touch(peer);
            peer.Add(datagram.Payload);
        }
        else
        {
            Begin(datagram);
        }
    }

    private void Begin(Datagram datagram)
    {
        var peer = new DatagramPeer(this, socket, datagram.RemoteEndPoint, hub, bound);
        _peers.Add(datagram.RemoteEndPoint, peer);
        Place(peer);
        if (_peers.Count > maxPeers)
        {
            End(_byActivity.First!.Value, $"of more than {maxPeers} ({nameof(UdpOptions.MaxPeers)}) it was active least recently");
        }

        peer.Add(datagram.Payload);
        Watch();
        Give(peer);
    }

    private void Place(DatagramPeer peer)
    {
        peer.LastActivity = hub.Elapsed;
        _byActivity.AddLast(peer.Place);
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
            End(peer, $"the observer it was given to threw {error.GetType().Name}");
        }
    }

    // One for all, as they are in order: senders that come and go in masses leave none behind.
    private void Watch()
    {
        if (_quiet is { IsActive: false } && _byActivity.First is { } first)
        {
            var left = idle - QuietFor(first.Value);
            _quiet.Reset(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
    }

    private void EndIdle()
    {
        while (_byActivity.First is { } first && QuietFor(first.Value) >= idle)
        {
            End(first.Value, $"it was quiet for {idle}");
        }

        Watch();
    }

    private TimeSpan QuietFor(DatagramPeer peer) => hub.Elapsed - peer.LastActivity;

    private void OnReaderFailed(Exception error)
    {
        EndAll("the socket's reader was detached");
        observer.OnError(error);
    }

    private void OnSocketClosed()
    {
        EndAll("the socket was disposed");
        observer.OnCompleted();
    }

    private void EndAll(string because)
    {
        _quiet?.Cancel();
        while (_byActivity.First is { } first)
        {
            End(first.Value, because);
        }
    }
}
