using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Diesel.Reactive.AspNetCore;

/// <summary>A listener of a hub's network as a server of ASP.NET Core wants it: connections are asked for, one by one.</summary>
internal sealed class HubConnectionListener : IConnectionListener
{
    private readonly Hub _hub;
    private readonly HubTransportOptions _options;
    private readonly Channel<HubConnectionContext> _accepted = Channel.CreateUnbounded<HubConnectionContext>();
    private readonly IListener _listener;
    private readonly IDisposable _owned;
    private int _waiting;
    private int _unbound;
    private bool _isHeld;

    public HubConnectionListener(EndPoint endPoint, HubTransportOptions options)
    {
        (_hub, _options) = (options.HubOrDefault, options);
        ObjectDisposedException.ThrowIf(_hub.IsDisposed, _hub);
        _listener = _hub.Network.Listen(endPoint, options.Connections.Socket, Accept);
        _owned = _hub.Own(new Ending(this));

        // The hub may have accepted the first before this thread learnt of the listener.
        _hub.Post(static listener => ((HubConnectionListener)listener!).HoldOrLetGo(), this);
    }

    public EndPoint EndPoint => _listener.LocalEndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        // What was accepted when it was unbound is still given.
        while (await _accepted.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_accepted.Reader.TryRead(out var connection))
            {
                Taken();
                return connection;
            }
        }

        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _unbound, 1) == 0)
        {
            _listener.Dispose();
            _owned.Dispose();

            // Behind those whom the listener takes with it from the backlog.
            if (!_hub.Post(static listener => ((HubConnectionListener)listener!).End(), this))
            {
                End();
            }
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync().ConfigureAwait(false);
        while (_accepted.Reader.TryRead(out var connection))
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    public override string ToString() => $"listener {EndPoint}";

    private void Accept(ITransport transport)
    {
        var connection = Tcp.Over(transport, _options.Connections, _hub);
        if (_accepted.Writer.TryWrite(new HubConnectionContext(connection)))
        {
            Interlocked.Increment(ref _waiting);
            HoldOrLetGo();
        }
        else
        {
            connection.Dispose();
        }
    }

    private void Taken()
    {
        if (Interlocked.Decrement(ref _waiting) <= _options.MaxUnaccepted / 2 && Volatile.Read(ref _isHeld))
        {
            _hub.Post(static listener => ((HubConnectionListener)listener!).HoldOrLetGo(), this);
        }
    }

    private void HoldOrLetGo()
    {
        var waiting = Volatile.Read(ref _waiting);
        if (!_isHeld && waiting >= _options.MaxUnaccepted)
        {
            Volatile.Write(ref _isHeld, true);
            _listener?.Pause();
        }
        else if (_isHeld && waiting <= _options.MaxUnaccepted / 2)
        {
            Volatile.Write(ref _isHeld, false);
            _listener?.Resume();
        }
    }

    private void End() => _accepted.Writer.TryComplete();

    // The hub ends: nobody is accepted any more, and whoever asks is told so.
    private sealed class Ending(HubConnectionListener listener) : IDisposable
    {
        public void Dispose()
        {
            listener._listener.Dispose();
            listener.End();
        }
    }
}
