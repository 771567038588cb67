namespace Diesel.Reactive.Protocols.Http;

/// <summary>Who reads a WebSocket: all messages or one, whole or in parts.</summary>
internal sealed class WebSocketReading(
    WebSocketInput input, IObserver<WebSocketMessage>? messages, IObserver<WebSocketPart>? parts, bool isOneShot) : IDisposable
{
    private volatile bool _hasLeft;

    /// <summary>Whether it takes them as they come.</summary>
    public bool TakesParts => parts is not null;

    /// <summary>Whether it takes one, and goes.</summary>
    public bool IsOneShot => isOneShot;

    /// <summary>It takes nothing more.</summary>
    public bool HasLeft => _hasLeft;

    public void Give(in WebSocketMessage message)
    {
        messages!.OnNext(message);
        CompleteOneShot();
    }

    public void Give(in WebSocketPart part)
    {
        parts!.OnNext(part);
        CompleteOneShot();
    }

    public void Complete()
    {
        if (!_hasLeft)
        {
            _hasLeft = true;
            messages?.OnCompleted();
            parts?.OnCompleted();
        }
    }

    public void Fail(Exception error)
    {
        if (!_hasLeft)
        {
            _hasLeft = true;
            messages?.OnError(error);
            parts?.OnError(error);
        }
    }

    public void Dispose()
    {
        _hasLeft = true;
        input.Leave(this);
    }

    private void CompleteOneShot()
    {
        if (isOneShot)
        {
            Complete();
        }
    }
}
