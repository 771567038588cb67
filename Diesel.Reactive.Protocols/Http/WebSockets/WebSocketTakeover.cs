using System.Net.WebSockets;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>A connection of a service that has become a WebSocket: runs its handler, and is over when that is.</summary>
internal sealed class WebSocketTakeover(
    Connection connection, WebSocketAgreement agreement, WebSocketOptions options, Func<WebSocketConnection, IObservable<WebSocketMessage>> handler)
    : IObservable<ReadOnlyMemory<byte>>, IObserver<WebSocketMessage>, IDisposable
{
    private WebSocketConnection? _socket;
    private IObserver<ReadOnlyMemory<byte>>? _service;
    private IDisposable? _handling;

    public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer)
    {
        var socket = new WebSocketConnection(connection, HttpRole.Server, agreement, options);
        (_socket, _service) = (socket, observer);
        try
        {
            var handling = (handler(socket) ?? throw new InvalidOperationException($"The handler of {socket} gave null.")).Subscribe(this);
            _handling = handling;
        }
        catch (Exception error)
        {
            // The handler is the user's.
            OnError(error);
        }

        // Behind the handler's subscription: what ends it before it has begun is told once.
        socket.Life.End.Subscribe(static _ => { }, End, () => End(null));
        return this;
    }

    public void OnNext(WebSocketMessage value) => _socket!.Reply(value);

    // The handler has nothing more to say, but the peer may.
    public void OnCompleted() => _socket!.Hub.Within(_socket.Life.CloseInOrder);

    public void OnError(Exception error) => _socket!.Hub.Within(() =>
    {
        _socket.Life.Close(WebSocketCloseStatus.InternalServerError, "");
        End(error);
    });

    /// <summary>The service lets go of it.</summary>
    public void Dispose() => _socket!.Hub.Within(() =>
    {
        _service = null;
        _handling?.Dispose();
        _socket.Life.LetGoOfAll();
    });

    private void End(Exception? error)
    {
        var service = _service;
        _service = null;
        if (error is null)
        {
            service?.OnCompleted();
        }
        else
        {
            service?.OnError(error);
        }

        _handling?.Dispose();
    }
}
