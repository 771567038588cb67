using System.Reactive;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Sends a message that comes in parts: each is a frame, and the last an empty one.</summary>
internal sealed class WebSocketStream(WebSocketLife life, WebSocketSending sending, Connection connection, bool isText, IObserver<Unit> sent)
    : IObserver<ReadOnlyMemory<byte>>, IDisposable
{
    private IDisposable? _subscription;
    private IPausable? _pausable;
    private IDisposable? _hold;
    private bool _isOver;

    public void Begin(IObservable<ReadOnlyMemory<byte>> parts)
    {
        _pausable = parts as IPausable;
        try
        {
            _subscription = parts.Subscribe(this);
        }
        catch (Exception error)
        {
            // The observable is the user's.
            OnError(error);
        }

        if (_isOver)
        {
            _subscription?.Dispose();
        }
    }

    public void OnNext(ReadOnlyMemory<byte> value) => life.Hub.Within(() => Write(value));

    public void OnError(Exception error) => life.Hub.Within(() => Fail(error));

    public void OnCompleted() => life.Hub.Within(Complete);

    /// <summary>The WebSocket is over.</summary>
    public void Dispose()
    {
        if (TryEnd())
        {
            sent.OnError(new ConnectionException($"{life} ended within a message that was sent in parts.", connection.RemoteEndPoint));
        }
    }

    private void Write(ReadOnlyMemory<byte> bytes)
    {
        if (_isOver || bytes.IsEmpty)
        {
            return;
        }

        sending.WritePart(isText, bytes.Span, isLast: false);
        if (_pausable is not null && _hold is null && connection.PendingBytes > 0)
        {
            _hold = _pausable.Pause();
            connection.Room().Subscribe(_ => LetGo(), _ => LetGo());
        }
    }

    private void Complete()
    {
        if (TryEnd())
        {
            sending.WritePart(isText, default, isLast: true);
            connection.Send(default).Subscribe(sent);
        }
    }

    private void Fail(Exception error)
    {
        if (TryEnd())
        {
            life.Hub.Report(error, life.ToString());
            life.Close(System.Net.WebSockets.WebSocketCloseStatus.InternalServerError, "");
            sent.OnError(error);
        }
    }

    private bool TryEnd()
    {
        var wasUnderWay = !_isOver;
        _isOver = true;
        _subscription?.Dispose();
        LetGo();
        return wasUnderWay;
    }

    private void LetGo()
    {
        var hold = _hold;
        _hold = null;
        hold?.Dispose();
    }
}
