using System.Net;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Testing;

/// <summary>A listener that scripted peers can dial too: they are accepted in a turn, and not while it pauses.</summary>
internal sealed class DuplexListener : IListener
{
    private readonly Queue<ITransport> _backlog = new();
    private readonly IListener _listener;
    private readonly DuplexPeers _peers;
    private readonly Action<ITransport> _accept;
    private bool _paused;

    public DuplexListener(IListener listener, DuplexPeers peers, IHub hub, Action<ITransport> accept)
    {
        (_listener, _peers, Hub, _accept) = (listener, peers, hub, accept);
        peers.Add(this);
    }

    public EndPoint LocalEndPoint => _listener.LocalEndPoint;

    public IHub Hub { get; }

    public void Offer(ITransport transport)
    {
        _backlog.Enqueue(transport);
        AcceptLater();
    }

    public void Pause()
    {
        _paused = true;
        _listener.Pause();
    }

    public void Resume()
    {
        _paused = false;
        _listener.Resume();
        AcceptLater();
    }

    // Who waits is taken, in the turn that was asked for; while it pauses there is none.
    public void Dispose()
    {
        _peers.Remove(this);
        _listener.Dispose();
        while (_paused && _backlog.TryDequeue(out var transport))
        {
            transport.Abort();
        }
    }

    public override string? ToString() => _listener.ToString();

    private void AcceptLater() => Hub.Schedule(() =>
    {
        while (!_paused && _backlog.TryDequeue(out var transport))
        {
            _accept(transport);
        }
    });
}
