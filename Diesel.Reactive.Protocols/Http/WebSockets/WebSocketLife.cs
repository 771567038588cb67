using System.Net.WebSockets;
using System.Reactive;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>The course of a WebSocket: open, closing from either side, over. On the hub.</summary>
internal sealed class WebSocketLife
{
    private readonly Connection _connection;
    private readonly HttpRole _role;
    private readonly WebSocketOptions _options;
    private readonly WebSocketOutput _output;
    private readonly WebSocketHeartbeat _heartbeat;
    private readonly Deadline _closing;
    private readonly WebSocketCrowd _crowd;
    private readonly AwaitableSource<Unit> _ended;
    private CancellationTokenRegistration _lost;

    public WebSocketLife(Connection connection, HttpRole role, WebSocketAgreement agreement, WebSocketOptions options)
    {
        (_connection, _role, _options, Hub) = (connection, role, options, ((IPausable)connection).Hub);
        _output = new WebSocketOutput(connection, role, agreement.Deflate, options.Deflate);
        Input = new WebSocketInput(this, connection, options, agreement.Deflate);
        Sending = new WebSocketSending(this, connection, _output);
        _crowd = new WebSocketCrowd(this, connection);
        _heartbeat = new WebSocketHeartbeat(this, connection, options);
        _closing = new Deadline(Hub, static life => ((WebSocketLife)life!).IsLate(), this);
        _ended = new AwaitableSource<Unit>("the end of a WebSocket");
    }

    public Hub Hub { get; }

    public WebSocketInput Input { get; }

    public WebSocketSending Sending { get; }

    /// <summary>What the peer closed with.</summary>
    public WebSocketCloseStatus? CloseStatus { get; private set; }

    /// <summary>Why, as it says.</summary>
    public string? CloseReason { get; private set; }

    /// <summary>The peer has closed.</summary>
    public bool HasPeerClosed { get; private set; }

    /// <summary>This side has sent its Close.</summary>
    public bool IsClosing => _output.IsClosed;

    /// <summary>Nothing more comes or goes.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Its end: in order, or with what ended it.</summary>
    public Awaitable<Unit> End => _ended;

    /// <summary>Whether a Close is answered at once, and not left to who uses it.</summary>
    public bool AnswersClose { get; set; } = true;

    public void Begin(WebSocketAgreement agreement)
    {
        Input.Begin(new WebSocketFraming(_role == HttpRole.Client ? HttpRole.Server : HttpRole.Client, agreement.Deflate is not null));
        _heartbeat.Begin();
        _lost = _connection.Closed.UnsafeRegister(static life => ((WebSocketLife)life!).LoseLater(), this);
    }

    public IDisposable Pause()
    {
        Hub.Within(Input.Hold);
        return Disposable.Create(Input, input => Hub.Within(input.Release));
    }

    public override string ToString() => $"WebSocket on {_connection}";

    /// <summary>Holds the input while too much output waits.</summary>
    public void HoldIfCrowded() => _crowd.HoldIfCrowded();

    /// <summary>A control frame has come.</summary>
    public void Control(in WebSocketFrame frame)
    {
        if (frame.Opcode == WebSocketOpcode.Ping)
        {
            _output.WriteControl(WebSocketOpcode.Pong, frame.Payload.Span);
        }
        else if (frame.Opcode == WebSocketOpcode.Close)
        {
            PeerCloses(frame.Payload);
        }
    }

    /// <summary>Asks whether the peer is still there.</summary>
    public void Ping() => _output.WriteControl(WebSocketOpcode.Ping, default);

    /// <summary>The peer broke a rule, and is told so.</summary>
    public void Refuse(WebSocketRefusedException refused)
    {
        if (!IsOver)
        {
            _output.WriteClose(refused.Status, refused.Reason.Length > WebSocketClosing.MostOfReason ? "" : refused.Reason);
            Finish(refused);
            _connection.Dispose();
        }
    }

    /// <summary>Reading has failed.</summary>
    public void Lost(Exception error)
    {
        if (error is WebSocketRefusedException refused)
        {
            Refuse(refused);
        }
        else
        {
            _closing.Cancel();
            Finish(HasPeerClosed || IsClosing ? null : error is TruncatedFrameException ? WithoutClose(error) : error);
            _connection.Dispose();
        }
    }

    /// <summary>The peer has ended its side, or the service stops.</summary>
    public void Ended()
    {
        _closing.Cancel();
        if (_connection.PeerEnded.IsCancellationRequested)
        {
            Finish(HasPeerClosed || IsClosing ? null : WithoutClose(null));
        }
        else
        {
            _output.WriteClose(WebSocketCloseStatus.EndpointUnavailable, "");
            Finish(null);
        }

        _connection.Dispose();
    }

    /// <summary>Whoever reads has thrown. The peer is told that it is not to blame.</summary>
    public void Break(Exception error)
    {
        // Of a service's handler the service tells.
        if (_role == HttpRole.Client)
        {
            Hub.Report(error, ToString());
        }

        _output.WriteClose(WebSocketCloseStatus.InternalServerError, "");
        Finish(error);
        _connection.Dispose();
    }

    /// <summary>It ends with an error of its own, and at once.</summary>
    public void Fail(Exception error)
    {
        Finish(error);
        _connection.Abort();
    }

    /// <summary>Nobody wants it any more.</summary>
    public void LetGoOfAll()
    {
        Finish(null);
        Input.Dispose();
    }

    // What was received before the end comes to the reader first.
    private void LoseLater() => Hub.Post(static life => ((WebSocketLife)life!).LoseHere(), this);

    private void LoseHere()
    {
        if (!IsOver)
        {
            Finish(HasPeerClosed || IsClosing ? null : WithoutClose(null));
        }
    }

    /// <summary>Closes as one has nothing more to say.</summary>
    public void CloseInOrder()
    {
        if (HasPeerClosed)
        {
            AnswerClose();
        }
        else
        {
            Close(WebSocketCloseStatus.NormalClosure, "");
        }
    }

    /// <summary>Sends a Close, and waits for the peer's. What comes until then and nobody wants is dropped.</summary>
    public void Close(WebSocketCloseStatus status, string reason)
    {
        CloseOutput(status, reason);
        if (!IsOver)
        {
            Input.Drop();
            _closing.Reset(_options.CloseTimeout);
        }
    }

    /// <summary>Sends a Close; what comes until the peer's is still wanted.</summary>
    public void CloseOutput(WebSocketCloseStatus status, string reason)
    {
        if (!IsOver && !IsClosing)
        {
            _output.WriteClose(status, reason);
            if (HasPeerClosed)
            {
                CloseDone();
            }
        }
    }

    private void PeerCloses(ReadOnlyMemory<byte> payload)
    {
        try
        {
            (CloseStatus, CloseReason) = WebSocketClosing.Read(payload.Span);
        }
        catch (WebSocketRefusedException refused)
        {
            Refuse(refused);
            return;
        }

        HasPeerClosed = true;
        Input.End(null);
        if (!IsClosing && !AnswersClose)
        {
            _closing.Reset(_options.CloseTimeout);
        }
        else
        {
            AnswerClose();
        }
    }

    private void AnswerClose()
    {
        if (!IsClosing)
        {
            _output.WriteClose(CloseStatus, "");
        }

        CloseDone();
    }

    // Of a closed WebSocket the server ends the connection first (§7.1.1).
    private void CloseDone()
    {
        Finish(null);
        if (_role == HttpRole.Server)
        {
            _connection.Dispose();
        }
        else
        {
            _closing.Reset(_options.CloseTimeout);
        }
    }

    private void IsLate()
    {
        if (HasPeerClosed && !IsClosing)
        {
            AnswerClose();
        }
        else
        {
            Finish(null);
            _connection.Dispose();
        }
    }

    private void Finish(Exception? error)
    {
        if (IsOver)
        {
            return;
        }

        IsOver = true;
        _lost.Unregister();
        _closing.Cancel();
        _heartbeat.End();
        _output.Dispose();
        Sending.End();
        Input.End(error);
        if (error is null)
        {
            _ended.TrySetResult(Unit.Default);
        }
        else
        {
            _ended.TrySetException(error);
        }
    }

    private ConnectionException WithoutClose(Exception? inner) => new($"{this} was lost without a Close frame (1006).", _connection.RemoteEndPoint, inner);
}
