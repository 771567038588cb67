using System.Net;
using System.Net.WebSockets;
using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>A WebSocket (RFC 6455), of either role: the messages that come are observed, those that go are observed by it.</summary>
/// <remarks>
/// <para>As with a <see cref="Connection"/>, messages have one reader at a time and stay for the next: while nobody reads, the first one that comes is
/// kept, and the peer waits. Until then, and while somebody reads, Pings and Close are answered, whoever reads. A message comes whole, or in
/// <see cref="Parts"/>.</para>
/// <para>The peer's Close is <c>OnCompleted</c>, and <see cref="CloseStatus"/> says how it ended; a connection that ends without one
/// is a <see cref="ConnectionException"/>. Who breaks a rule is told so by a Close frame, and the reader by
/// <see cref="WebSocketRefusedException"/>. A peer that says nothing and answers no Ping is a <see cref="TimeoutException"/>.</para>
/// <para>Output: <c>OnNext</c> queues and never blocks, <c>OnCompleted</c> closes with 1000, <c>OnError</c> with 1011. All notifications arrive on the
/// hub; members may be called from any thread. Source: the 2009 edition's and diesel's WebSockets.</para>
/// </remarks>
public sealed class WebSocketConnection : ISubject<WebSocketMessage>, IPausable, IDisposable
{
    private readonly Connection _connection;
    private readonly WebSocketLife _life;

    internal WebSocketConnection(Connection connection, HttpRole role, WebSocketAgreement agreement, WebSocketOptions options)
    {
        (_connection, Protocol) = (connection, agreement.Protocol);
        _life = new WebSocketLife(connection, role, agreement, options);
        _life.Begin(agreement);
    }

    /// <summary>The subprotocol that both sides agreed on; null: none.</summary>
    public string? Protocol { get; }

    /// <summary>This side's address and port.</summary>
    public EndPoint LocalEndPoint => _connection.LocalEndPoint;

    /// <summary>The peer's address and port.</summary>
    public EndPoint RemoteEndPoint => _connection.RemoteEndPoint;

    /// <summary>What the peer closed with; null: it has not closed, or gave no status.</summary>
    public WebSocketCloseStatus? CloseStatus => _life.CloseStatus;

    /// <summary>Why it closed, as it says; null: it has not closed.</summary>
    public string? CloseReason => _life.CloseReason;

    /// <summary>Bytes queued and not yet handed to the kernel.</summary>
    public long PendingBytes => _connection.PendingBytes;

    /// <summary>Cancelled, on the hub, when the connection is over.</summary>
    public CancellationToken Closed => _connection.Closed;

    /// <summary>Messages in parts, as they come: for those that are long. One reader at a time, of these and of whole messages.</summary>
    /// <remarks>Cold around a hot source, as the messages are; it can be held. No limit is set to a message that is read so, as nothing of it is
    /// kept. A part of text may end within a character; the whole is checked.</remarks>
    public IObservable<WebSocketPart> Parts => new PartsOf(this);

    Hub IPausable.Hub => Hub;

    internal Hub Hub => _life.Hub;

    /// <summary>Its course.</summary>
    internal WebSocketLife Life => _life;

    /// <summary>The loop whose messages are replies, and hold the input while they wait.</summary>
    internal Loop? Replier { get; set; }

    /// <summary>Reads all messages.</summary>
    /// <param name="observer">Gets them whole.</param>
    /// <returns>Detaches the reader.</returns>
    public IDisposable Subscribe(IObserver<WebSocketMessage> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return Attach(new WebSocketReading(_life.Input, observer, null, isOneShot: false));
    }

    /// <summary>Reads the next message.</summary>
    /// <returns>Cold: each subscription, and each <c>await</c>, reads one. Completes empty when the peer has closed (awaited, that is an
    /// <see cref="EndOfStreamException"/>). Unsubscribed before the message is whole, it consumes nothing.</returns>
    public Awaitable<WebSocketMessage> Read() =>
        Observable.Create<WebSocketMessage>(observer => Attach(new WebSocketReading(_life.Input, observer, null, isOneShot: true))).ToAwaitable($"a message of {this}");

    /// <summary>Queues a message to send; never blocks. Behind a Close it goes nowhere.</summary>
    /// <param name="value">The message.</param>
    public void OnNext(WebSocketMessage value)
    {
        if (!Hub.IsCurrent)
        {
            SendLater(value);
            return;
        }

        _life.Sending.Write(value);
        if (Replier is not null && Loop.Current == Replier)
        {
            _life.HoldIfCrowded();
        }
    }

    /// <summary>Queues a message and tells when it was handed to the kernel.</summary>
    /// <param name="message">The message.</param>
    /// <returns>Hot, as of <see cref="Connection.Send(ReadOnlyMemory{byte})"/>, with its errors; behind a Close it is an
    /// <see cref="InvalidOperationException"/>.</returns>
    public Awaitable<Unit> Send(WebSocketMessage message) => _life.Sending.Send(message);

    /// <summary>Sends a message that comes in parts, as they come.</summary>
    /// <param name="parts">Subscribed when the message's turn has come; held while the peer does not take them, if it can be. Its error closes the
    /// WebSocket with 1011, as the message cannot be taken back.</param>
    /// <param name="isText">Whether it is text, as UTF-8; parts may end within a character.</param>
    /// <returns>Hot: queued by the call itself. One <see cref="Unit"/> when the last part was handed to the kernel. Other messages wait for its
    /// end.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="parts"/> is null.</exception>
    public Awaitable<Unit> Send(IObservable<ReadOnlyMemory<byte>> parts, bool isText = false)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return _life.Sending.Send(parts, isText);
    }

    /// <summary>Waits until a producer may go on, as <see cref="Connection.Room"/> tells.</summary>
    /// <returns>Cold.</returns>
    public Awaitable<Unit> Room() => _connection.Room();

    /// <summary>Closes: sends a Close frame, and waits for the peer's. What it sends before that is still read.</summary>
    /// <param name="status">1000 to 1003, 1007 to 1014, or 3000 to 4999.</param>
    /// <param name="reason">At most 123 bytes as UTF-8.</param>
    /// <returns>Hot: sent by the call itself. Done when the WebSocket is over: closed by both, or past
    /// <see cref="WebSocketOptions.CloseTimeout"/>.</returns>
    /// <exception cref="ArgumentException">Status or reason is none that can be sent.</exception>
    public Awaitable<Unit> Close(WebSocketCloseStatus status = WebSocketCloseStatus.NormalClosure, string reason = "")
    {
        WebSocketClosing.Check(status, reason);
        Hub.Within(() => _life.Close(status, reason));
        return _life.End;
    }

    /// <summary>Closes with 1000.</summary>
    public void OnCompleted() => Close();

    /// <summary>Reports the error and closes with 1011.</summary>
    /// <param name="error">What failed.</param>
    public void OnError(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        Hub.Report(error, ToString());
        Close(WebSocketCloseStatus.InternalServerError);
    }

    /// <summary>Holds reading: nothing is given, not even Pings are seen, until every hold is disposed.</summary>
    /// <returns>The hold; disposing it twice counts once.</returns>
    public IDisposable Pause() => _life.Pause();

    /// <summary>Ends the connection at once with a reset.</summary>
    public void Abort() => _connection.Abort();

    /// <summary>Closes with 1000, and does not wait.</summary>
    public void Dispose() => Close();

    /// <summary>Both endpoints, as errors show them.</summary>
    public override string ToString() => _life.ToString();

    /// <summary>Reads the next part of a message.</summary>
    internal Awaitable<WebSocketPart> ReadPart() =>
        Observable.Create<WebSocketPart>(observer => Attach(new WebSocketReading(_life.Input, null, observer, isOneShot: true))).ToAwaitable($"some of a message of {this}");

    /// <summary>Sends what a handler answers, and holds the input while too much of that waits.</summary>
    internal void Reply(WebSocketMessage message)
    {
        if (!Hub.IsCurrent)
        {
            ReplyLater(message);
            return;
        }

        _life.Sending.Write(message);
        _life.HoldIfCrowded();
    }

    private WebSocketReading Attach(WebSocketReading reader)
    {
        if (!Hub.Within(() => _life.Input.Attach(reader)))
        {
            reader.Fail(new ObjectDisposedException(ToString()));
        }

        return reader;
    }

    // Methods of their own: a lambda in the caller would cost it an allocation on the hub's thread, too.
    private void SendLater(WebSocketMessage message) => Hub.Post(_ => OnNext(message));

    private void ReplyLater(WebSocketMessage message) => Hub.Post(_ => Reply(message));

    private sealed class PartsOf(WebSocketConnection socket) : IObservable<WebSocketPart>, IPausable
    {
        public Hub Hub => socket.Hub;

        public IDisposable Pause() => socket.Pause();

        public IDisposable Subscribe(IObserver<WebSocketPart> observer)
        {
            ArgumentNullException.ThrowIfNull(observer);
            return socket.Attach(new WebSocketReading(socket._life.Input, null, observer, isOneShot: false));
        }
    }
}
