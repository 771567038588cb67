using System.Net;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Testing;

/// <summary>A listening endpoint: hands over one connection per turn, and answers nobody who comes when its backlog is full.</summary>
internal sealed class VirtualListener(VirtualHost host, IHub hub, int backlog, Action<ITransport> accept) : IListener, IHostSocket
{
    private readonly Queue<VirtualTransport> _backlog = new();
    private bool _paused;
    private bool _awake;
    private bool _disposed;

    public IHub Hub => hub;

    public EndPoint LocalEndPoint { get; private set; } = null!;

    private PortBinding Port { get; set; } = null!;

    public VirtualListener At(EndPoint local, PortBinding port)
    {
        (LocalEndPoint, Port) = (local, port);
        host.Add(this);
        return this;
    }

    public override string ToString() => $"listener {LocalEndPoint}";

    /// <summary>Whether a dial is answered. Linux takes one more than it was asked to.</summary>
    public bool HasRoom => _backlog.Count <= backlog;

    /// <summary>A connection was made, and waits to be accepted.</summary>
    public void Offer(VirtualTransport transport)
    {
        if (_disposed)
        {
            transport.Abort();
            return;
        }

        _backlog.Enqueue(transport);
        Wake();
    }

    public void Pause() => _paused = true;

    public void Resume()
    {
        _paused = false;
        Wake();
    }

    // Who is connected already is taken, in a turn: closing a listener would reset them.
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        Leave();
        if (hub.IsCurrent)
        {
            AcceptRest();
        }
        else
        {
            hub.Schedule(AcceptRest);
        }
    }

    public void Vanish()
    {
        Leave();
        _backlog.Clear();
    }

    private void Leave()
    {
        _disposed = true;
        host.Remove(this, Port);
    }

    private void AcceptRest()
    {
        while (_backlog.TryDequeue(out var transport))
        {
            if (_paused)
            {
                transport.Abort();
            }
            else
            {
                accept(transport);
            }
        }
    }

    private void AcceptNext()
    {
        _awake = false;
        if (_paused || _disposed || !_backlog.TryDequeue(out var transport))
        {
            return;
        }

        Wake();
        accept(transport);
    }

    private void Wake()
    {
        if (!_awake && _backlog.Count > 0)
        {
            _awake = true;
            hub.Schedule(AcceptNext);
        }
    }
}
