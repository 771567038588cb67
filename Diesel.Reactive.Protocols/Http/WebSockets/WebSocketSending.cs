using System.Reactive;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>The order of what is sent: a message that comes in parts is sent to its end, and others wait.</summary>
internal sealed class WebSocketSending(WebSocketLife life, Connection connection, WebSocketOutput output)
{
    private const long MostWaiting = 16 * 1024 * 1024;

    private Queue<(Action Send, int Bytes)>? _waiting;
    private long _waitingBytes;
    private WebSocketStream? _stream;

    /// <summary>Whether a message is under way.</summary>
    public bool IsStreaming { get; private set; }

    /// <summary>Writes a message, or keeps it until its turn has come.</summary>
    public void Write(in WebSocketMessage message)
    {
        if (!IsStreaming)
        {
            output.Write(message);
        }
        else
        {
            WriteLater(message);
        }
    }

    public Awaitable<Unit> Send(WebSocketMessage message)
    {
        if (life.Hub.IsCurrent && !IsStreaming && !output.IsClosed)
        {
            output.Write(message);
            return connection.Send(default);
        }

        return Later(sent => Line(
            () =>
            {
                if (output.IsClosed)
                {
                    sent.OnError(new InvalidOperationException($"Cannot send on {life}: it is closed."));
                    return;
                }

                output.Write(message);
                connection.Send(default).Subscribe(sent);
            },
            message.Bytes.Length));
    }

    public Awaitable<Unit> Send(IObservable<ReadOnlyMemory<byte>> parts, bool isText) => Later(sent => Line(
        () =>
        {
            IsStreaming = true;
            _stream = new WebSocketStream(life, this, connection, isText, sent);
            _stream.Begin(parts);
        },
        bytes: 0));

    /// <summary>Writes part of a message whose sender sees to its end.</summary>
    public void WritePart(bool isText, ReadOnlySpan<byte> bytes, bool isLast)
    {
        IsStreaming = !isLast;
        output.WritePart(isText, bytes, isLast);
        if (isLast)
        {
            GoOn();
        }
    }

    /// <summary>Nothing is sent any more.</summary>
    public void End()
    {
        var (stream, waiting) = (_stream, _waiting);
        (_stream, _waiting) = (null, null);
        stream?.Dispose();

        // Behind a Close they go nowhere, and whoever waits is told by the connection.
        while (waiting is not null && waiting.TryDequeue(out var next))
        {
            next.Send();
        }
    }

    /// <summary>The message under way has ended.</summary>
    private void GoOn()
    {
        _stream = null;
        while (!IsStreaming && _waiting is not null && _waiting.TryDequeue(out var next))
        {
            _waitingBytes -= next.Bytes;
            next.Send();
        }
    }

    private void WriteLater(WebSocketMessage message) => Line(() => output.Write(message), message.Bytes.Length);

    private void Line(Action send, int bytes)
    {
        if (!IsStreaming || life.IsOver)
        {
            send();
        }
        else if ((_waitingBytes += bytes) > MostWaiting)
        {
            life.Fail(new InvalidOperationException($"{life} was reset: more than {MostWaiting} bytes waited for a message that is sent in parts."));
        }
        else
        {
            (_waiting ??= new()).Enqueue((send, bytes));
        }
    }

    private AwaitableSource<Unit> Later(Action<IObserver<Unit>> send)
    {
        var sent = new AwaitableSource<Unit>($"a message to be sent on {life}");
        var observer = Observer.Create<Unit>(value => sent.TrySetResult(value), error => sent.TrySetException(error));
        if (!life.Hub.Within(() => send(observer)))
        {
            sent.TrySetException(new ObjectDisposedException(life.ToString()));
        }

        return sent;
    }
}
