using System.Net.WebSockets;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>A WebSocket as .NET's, for any thread.</summary>
internal sealed class WebSocketView : WebSocket
{
    private readonly WebSocketConnection _socket;
    private readonly WebSocketLife _life;
    private WebSocketPart _rest;
    private bool _hasRest;
    private int _receives;
    private volatile bool _isAborted;

    public WebSocketView(WebSocketConnection socket)
    {
        (_socket, _life) = (socket, socket.Life);
        _life.AnswersClose = false;
    }

    public override WebSocketCloseStatus? CloseStatus => _socket.CloseStatus ?? (_life.HasPeerClosed ? WebSocketCloseStatus.Empty : null);

    public override string? CloseStatusDescription => _socket.CloseReason;

    public override string? SubProtocol => _socket.Protocol;

    public override WebSocketState State => (_life.IsOver, _life.HasPeerClosed, _life.IsClosing) switch
    {
        (true, true, _) => WebSocketState.Closed,
        (true, false, false) => WebSocketState.Aborted,
        (true, false, true) => _isAborted ? WebSocketState.Aborted : WebSocketState.Closed,
        (_, true, _) => WebSocketState.CloseReceived,
        (_, _, true) => WebSocketState.CloseSent,
        _ => _isAborted ? WebSocketState.Aborted : WebSocketState.Open,
    };

    public override void Abort()
    {
        _isAborted = true;
        _socket.Abort();
    }

    public override async Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        await Told(_socket.Close(Sent(closeStatus), statusDescription ?? "").Until(cancellationToken)).ConfigureAwait(false);

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
    {
        var (status, reason) = (Sent(closeStatus), statusDescription ?? "");
        WebSocketClosing.Check(status, reason);
        _life.Hub.Within(() => _life.CloseOutput(status, reason));
        return Task.CompletedTask;
    }

    public override void Dispose() => _socket.Dispose();

    public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _receives, 1) == 1)
        {
            throw new InvalidOperationException($"{_socket} is being received from: one receive at a time.");
        }

        try
        {
            return await Receive(buffer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _receives, 0);
        }
    }

    public override async Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken)
    {
        var result = await ReceiveAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false);
        return result.MessageType == WebSocketMessageType.Close
            ? new WebSocketReceiveResult(0, WebSocketMessageType.Close, true, CloseStatus, CloseStatusDescription)
            : new WebSocketReceiveResult(result.Count, result.MessageType, result.EndOfMessage);
    }

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        if (messageType is not (WebSocketMessageType.Text or WebSocketMessageType.Binary))
        {
            throw new ArgumentException("A message is text or binary; CloseAsync closes.", nameof(messageType));
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (State is not (WebSocketState.Open or WebSocketState.CloseReceived))
        {
            throw new WebSocketException(WebSocketError.InvalidState, $"{_socket} is {State}: nothing can be sent.");
        }

        // The buffer is its owner's again when this is done: by then it is copied.
        var written = new AwaitableSource<System.Reactive.Unit>($"a message to be sent on {_socket}");
        var isTaken = _life.Hub.Within(() => Write(buffer, messageType == WebSocketMessageType.Text, endOfMessage, written));
        ObjectDisposedException.ThrowIf(!isTaken, _socket);
        await Told(written).ConfigureAwait(false);
        await Told(_socket.Room().Until(cancellationToken)).ConfigureAwait(false);
    }

    public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        SendAsync(buffer.AsMemory(), messageType, endOfMessage, cancellationToken).AsTask();

    private void Write(ReadOnlyMemory<byte> buffer, bool isText, bool isLast, AwaitableSource<System.Reactive.Unit> written)
    {
        try
        {
            _life.Sending.WritePart(isText, buffer.Span, isLast);
            written.TrySetResult(default);
        }
        catch (Exception error)
        {
            // It is the caller's.
            written.TrySetException(error);
        }
    }

    private async ValueTask<ValueWebSocketReceiveResult> Receive(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!_hasRest)
        {
            try
            {
                _rest = await Told(_socket.ReadPart().Until(cancellationToken)).ConfigureAwait(false);
            }
            catch (EndOfStreamException)
            {
                return new ValueWebSocketReceiveResult(0, WebSocketMessageType.Close, true);
            }
        }

        var count = Math.Min(buffer.Length, _rest.Bytes.Length);
        _rest.Bytes[..count].CopyTo(buffer);
        var type = _rest.IsText ? WebSocketMessageType.Text : WebSocketMessageType.Binary;
        _hasRest = count < _rest.Bytes.Length;
        var isLast = !_hasRest && _rest.IsLast;
        _rest = _hasRest ? _rest with { Bytes = _rest.Bytes[count..] } : default;
        return new ValueWebSocketReceiveResult(count, type, isLast);
    }

    // .NET says nothing by 1005: it is not sent.
    private static WebSocketCloseStatus Sent(WebSocketCloseStatus status) => status == WebSocketCloseStatus.Empty ? WebSocketCloseStatus.NormalClosure : status;

    private static async Task<T> Told<T>(Awaitable<T> wait)
    {
        try
        {
            return await wait.AsTask().ConfigureAwait(false);
        }
        catch (WebSocketRefusedException refused)
        {
            throw new WebSocketException(WebSocketError.Faulted, refused.Message, refused);
        }
        catch (Exception error) when (error is ConnectionException or TimeoutException or ObjectDisposedException)
        {
            throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely, error.Message, error);
        }
    }
}
