using System.Net;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Testing;

/// <summary>Where a scripted peer can connect to: in a turn, and not while the listener pauses.</summary>
internal sealed class DuplexListener(IPEndPoint local, Hub hub, Action<ITransport> accept, List<DuplexListener> listeners) : IListener
{
    private readonly System.Collections.Generic.Queue<ITransport> _backlog = new();
    private bool _paused;

    public EndPoint LocalEndPoint => local;

    public void Offer(ITransport transport)
    {
        _backlog.Enqueue(transport);
        AcceptLater();
    }

    public void Pause() => _paused = true;

    public void Resume()
    {
        _paused = false;
        AcceptLater();
    }

    public void Dispose() => listeners.Remove(this);

    public override string ToString() => $"listener {local}";

    private void AcceptLater() => hub.Schedule(() =>
    {
        while (!_paused && _backlog.TryDequeue(out var transport))
        {
            accept(transport);
        }
    });
}
