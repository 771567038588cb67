using System.Net;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Testing;

/// <summary>A listening endpoint: hands over one connection per turn, and keeps those who come too many waiting.</summary>
internal sealed class VirtualListener(VirtualHost host, IHub hub, int backlog, Action<ITransport> accept) : IListener, IHostSocket
{
    private readonly Queue<VirtualTransport> _backlog = new();
    private readonly Queue<VirtualDial> _late = new();
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

    /// <summary>Whether a dial may be answered; one that may not is answered later.</summary>
    public bool Admits(VirtualDial dial)
    {
        if (_backlog.Count < backlog)
        {
            return true;
        }

        _late.Enqueue(dial);
        return false;
    }

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
        while (_late.TryDequeue(out var dial))
        {
            dial.TryAgain();
        }
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

        // There is room for one: who has given up does not take it.
        while (_late.TryDequeue(out var dial) && !dial.TryAgain())
        {
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
