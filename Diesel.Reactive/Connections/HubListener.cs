using System.Net;

namespace Diesel.Reactive;

/// <summary>A listener that ends with its hub, whatever network it is of.</summary>
internal sealed class HubListener : IListener, IHubResource
{
    private readonly Hub _hub;
    private readonly IListener _listener;
    private bool _disposed;

    private HubListener(EndPoint local, ConnectionOptions options, Hub hub, Action<ITransport> accept)
    {
        _hub = hub;
        _listener = hub.Network.Listen(local, options.Socket, transport => Accept(transport, accept));
        hub.Invoke(static l => ((HubListener)l!).Begin(), this);
    }

    public EndPoint LocalEndPoint => _listener.LocalEndPoint;

    /// <summary>Listens on the hub's network.</summary>
    /// <exception cref="ObjectDisposedException">The hub was disposed: nobody would ever accept, or close the listener.</exception>
    public static IListener Listen(EndPoint local, ConnectionOptions options, Hub hub, Action<ITransport> accept)
    {
        ObjectDisposedException.ThrowIf(hub.IsDisposed, hub);
        return new HubListener(local, options, hub, accept);
    }

    public void Pause() => _listener.Pause();

    public void Resume() => _listener.Resume();

    public void Dispose()
    {
        Volatile.Write(ref _disposed, true);
        _listener.Dispose();
        _hub.Invoke(static l => ((HubListener)l!).End(), this);
    }

    public void Abort() => _listener.Dispose();

    public override string ToString() => $"listener {LocalEndPoint}";

    // A listener that is closed may still give those who wait at it; a hub that ends has no use for them. What one of them
    // makes user code throw is no matter of the others.
    private void Accept(ITransport transport, Action<ITransport> accept)
    {
        if (_hub.IsDisposed)
        {
            transport.Abort();
            return;
        }

        UserCode.Run(_hub, this, () => accept(transport));
    }

    private void Begin()
    {
        if (!Volatile.Read(ref _disposed))
        {
            _hub.Register(this);
        }
    }

    private void End() => _hub.Unregister(this);
}
