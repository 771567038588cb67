using System.Buffers;
using System.Net;
using System.Reactive;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace Diesel.Reactive;

/// <summary>One duplex stream of bytes: what comes in is observed, what goes out is observed by it.</summary>
/// <remarks>
/// <para>Input is hot and paused until somebody reads, and has one reader at a time; a second one gets an
/// <see cref="InvalidOperationException"/>. Bytes a reader did not consume stay for the next one. Between readers nothing
/// is read from the socket. Chunks are immutable and may be kept; a small slice kept for long holds its slab of up to
/// 64 KiB, so copy it then.</para>
/// <para>The peer's FIN is <c>OnCompleted</c> on a frame boundary and <see cref="TruncatedFrameException"/> inside a frame;
/// a reset is <see cref="ConnectionException"/>. Frames received before either are delivered first, and a FIN
/// before a reset that came behind it. The end is told once: a reader that comes after it gets <see cref="EndOfStreamException"/>, so that <c>Repeat</c> ends.</para>
/// <para>Output: <c>OnNext</c> queues and never blocks, <c>OnCompleted</c> half-closes after the flush, <c>OnError</c>
/// aborts. All notifications arrive on the hub; the members may be called from any thread.</para>
/// <para>Idea: diesel's <c>Connection</c>, with the traps of its pipeline decided.</para>
/// </remarks>
public sealed class Connection : ISubject<ReadOnlyMemory<byte>>, IFrameSource, IPausable, IDisposable
{
    private object? _reading;
    private bool _replying;
    private int _coming;

    internal Connection(Hub hub, ITransport transport, ConnectionOptions options, string? host = null)
    {
        Hub = hub;
        Life = new ConnectionLife(this, options.LayOver(transport, hub, host), options);
        Life.Start();
        ConnectionLog.Opened(this);
    }

    /// <summary>This side's address and port.</summary>
    public EndPoint LocalEndPoint => Transport.LocalEndPoint;

    /// <summary>The peer's address and port.</summary>
    public EndPoint RemoteEndPoint => Transport.RemoteEndPoint;

    /// <summary>For how long the address that was dialled may be remembered, as far as the hub's resolver tells; null: nobody knows, or it was not
    /// dialled by a name. A pool that keeps connections longer does not notice that a name has moved.</summary>
    public TimeSpan? AddressTimeToLive { get; internal set; }

    /// <summary>Bytes queued and not yet handed to the kernel.</summary>
    public long PendingBytes => Life.Output.Pending;

    /// <summary>Whether a producer should go on: false above the high-water mark, true again below the low one.</summary>
    /// <remarks>Gives the present state on subscription, then each change; completes when the connection is closed.</remarks>
    public IObservable<bool> Writable => Observable.Defer(() => Life.Output.Room.Writable.DistinctUntilChanged());

    /// <summary>Writes output into memory that is used again: it goes out when the turn ends, in order with what else is sent, and no
    /// message takes an array of its own.</summary>
    /// <remarks>
    /// <para>On the hub's thread only: in handlers, loops and <c>hub.Post</c>; elsewhere its members throw
    /// <see cref="InvalidOperationException"/>. <c>Advance</c> past what was given out throws
    /// <see cref="ArgumentOutOfRangeException"/>. A span is good for its turn; memory stays good until it is advanced over, asked for again,
    /// or the connection is over, and keeps its block so long.</para>
    /// <para>Bounds and marks count what was advanced over, as if it had been sent; after the end of the output it is
    /// refused as by <see cref="OnNext"/>. Await <see cref="Room"/> to write at the peer's pace.</para>
    /// </remarks>
    public IBufferWriter<byte> Output => Life.Output.Writer;

    /// <summary>Cancelled, on the hub, when the peer sends no more: it has ended its side, or the connection is over. At once, though
    /// bytes before the end are unread or the reader is held.</summary>
    /// <remarks>The peer may still wait for an answer, or be gone: TCP tells the two apart only when something is sent. The portable
    /// loop sees an end behind unread bytes within half a second on Linux, and elsewhere when they are read.</remarks>
    public CancellationToken PeerEnded => Life.PeerEnded;

    /// <summary>Cancelled, on the hub, when the connection is over and nothing can be sent or received any more: it failed, was aborted
    /// or disposed, or both sides have ended it. A peer that has only ended its side cancels <see cref="PeerEnded"/>.</summary>
    public CancellationToken Closed => Life.Closed;

    /// <summary>What is unread, to be looked at and taken by hand.</summary>
    public ConnectionInput Input => field ??= new ConnectionInput(Life.Input);

    Hub IPausable.Hub => Hub;

    internal Hub Hub { get; }

    internal ConnectionLife Life { get; }

    internal ITransport Transport => Life.Transport;

    /// <summary>What was read with last.</summary>
    internal object? LastReading => _reading;

    /// <summary>The loop whose sends are replies, and hold the input while they wait: a service's handler.</summary>
    internal Loop? Replier { get; set; }

    /// <summary>Who sends further requests while input is delivered, so that holding the replies would hold them up as well; null: nobody.</summary>
    internal object? Asker { get; set; }

    /// <summary>Whether other threads have sent something that is still on its way to the hub. Any thread.</summary>
    internal bool IsSentTo => Volatile.Read(ref _coming) > 0;

    /// <summary>Whether what is sent now is a reply to this connection's own input.</summary>
    internal bool IsReplying => Asker is null && (_replying || Life.Input.IsDelivering || (Replier is not null && Loop.Current == Replier));

    /// <summary>Reads one frame.</summary>
    /// <typeparam name="T">What a frame is decoded to.</typeparam>
    /// <param name="framing">Where a frame ends; share one instance between reads.</param>
    /// <returns>Cold: each subscription, and each <c>await</c>, reads one frame. It gives one value and completes;
    /// completes empty when the peer has ended on a frame boundary (awaited, that is an
    /// <see cref="EndOfStreamException"/>). Unsubscribed before the frame is whole, it consumes nothing.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="framing"/> is null.</exception>
    /// <remarks>Errors: <see cref="ProtocolException"/>, <see cref="ConnectionException"/>,
    /// <see cref="InvalidOperationException"/> when another reader is attached.
    /// Idea: diesel's <c>until</c>, <c>until_eol</c> and <c>receive</c>.</remarks>
    public Awaitable<T> Read<T>(Framing<T> framing)
    {
        ArgumentNullException.ThrowIfNull(framing);

        // One reader at a time, so one instance serves all reads with the same framing.
        if (_reading is Reading<T> reading && ReferenceEquals(reading.Framing, framing))
        {
            return reading;
        }

        reading = new Reading<T>(Life.Input, framing);
        _reading = reading;
        return reading;
    }

    /// <summary>Reads all frames, one after the other.</summary>
    /// <typeparam name="T">What a frame is decoded to.</typeparam>
    /// <param name="framing">Where a frame ends.</param>
    /// <returns>Cold around a hot source: subscribing attaches the reader, unsubscribing detaches it and leaves what was
    /// not consumed. Completes at the peer's FIN.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="framing"/> is null.</exception>
    /// <remarks>Errors: as <see cref="Read{T}"/>.</remarks>
    public IObservable<T> Decode<T>(Framing<T> framing)
    {
        ArgumentNullException.ThrowIfNull(framing);
        return new DecodedInput<T>(Life.Input, framing);
    }

    /// <summary>Reads all chunks, as they come: <see cref="Decode{T}"/> with <see cref="Framing.Chunk"/>.</summary>
    /// <param name="observer">Gets the chunks.</param>
    /// <returns>Detaches the reader.</returns>
    public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer) => Decode(Framing.Chunk()).Subscribe(observer);

    /// <summary>Queues bytes to send; never blocks.</summary>
    /// <param name="value">Must not change afterwards; may be empty.</param>
    public void OnNext(ReadOnlyMemory<byte> value)
    {
        if (Hub.IsCurrent)
        {
            Life.Send(new OutputItem(value));
        }
        else
        {
            new LaterSend(this, new OutputItem(value)).Post();
        }
    }

    /// <summary>Queues bytes and tells when they were handed to the kernel.</summary>
    /// <param name="bytes">Must not change afterwards; may be empty.</param>
    /// <returns>Hot: the bytes are queued by the call itself, observed or not. One <see cref="Unit"/> and completion once
    /// the last of these bytes was handed over.</returns>
    /// <remarks>Errors: <see cref="ConnectionException"/> when the connection ends first,
    /// <see cref="InvalidOperationException"/> after <c>OnCompleted</c>, <see cref="ObjectDisposedException"/> after
    /// <c>Dispose</c>, <see cref="SlowConsumerException"/> past the bound. Idea: diesel's <c>send</c>.</remarks>
    public Awaitable<Unit> Send(ReadOnlyMemory<byte> bytes) => Queue(new OutputItem(bytes));

    /// <summary>As <see cref="Send(ReadOnlyMemory{byte})"/>, before what waits with a lower priority and behind all with the same or a
    /// higher one.</summary>
    /// <param name="bytes">Must not change afterwards; may be empty.</param>
    /// <param name="priority">Higher is sooner; all else has 0. What has begun to be sent is sent to its end, and so is each of these
    /// as a whole.</param>
    /// <returns>As the other.</returns>
    public Awaitable<Unit> Send(ReadOnlyMemory<byte> bytes, int priority) => Queue(new OutputItem(bytes, priority));

    /// <summary>Waits until a producer may go on: at once below the high-water mark, and above it until below the low one.</summary>
    /// <returns>Cold: each subscription and each <c>await</c> waits anew and gets one <see cref="Unit"/>; those who wait go on in turn, as long as
    /// there is room.</returns>
    /// <remarks>Errors: as <see cref="Send(ReadOnlyMemory{byte})"/>, when the output or the connection ends. Costs nothing while there is
    /// room.</remarks>
    public Awaitable<Unit> Room() => Life.Output.Room;

    /// <summary>Ends the output: what is queued is sent, then a FIN. The input goes on.</summary>
    public void OnCompleted() => Hub.Invoke(static c => ((Connection)c!).Life.CompleteOutput(), this);

    /// <summary>Reports the error and aborts the connection. An <see cref="ObjectDisposedException"/>, which is what another
    /// connection that was disposed gives, only closes it.</summary>
    /// <param name="error">What failed.</param>
    public void OnError(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        if (error is ObjectDisposedException)
        {
            Dispose();
            return;
        }

        if (!Life.IsOver)
        {
            Hub.Report(error, ToString());
        }

        Abort();
    }

    /// <summary>Holds reading: no byte is read from the socket and no frame delivered until every hold is disposed.</summary>
    /// <returns>The hold; disposing it twice counts once.</returns>
    public IDisposable Pause()
    {
        Hub.Invoke(static input => ((Inbound)input!).Hold(), Life.Input);
        return Disposable.Create(Life.Input, static input => input.Hub.Invoke(static i => ((Inbound)i!).Release(), input));
    }

    /// <summary>Ends the connection at once with a reset (RST); what is queued is lost.</summary>
    public void Abort() => Hub.Invoke(static c => ((Connection)c!).AbortHere(), this);

    /// <summary>Closes gracefully: sends what is queued, then a FIN, and waits for the peer's.</summary>
    public void Dispose() => Hub.Invoke(static c => ((Connection)c!).CloseHere(), this);

    /// <summary>Both endpoints, as errors show them.</summary>
    public override string ToString() => EndPoints.Connection(LocalEndPoint, RemoteEndPoint);

    /// <summary>Sends something as a whole.</summary>
    /// <returns>As of <see cref="Send(ReadOnlyMemory{byte})"/>.</returns>
    internal Awaitable<Unit> Queue(OutputItem item)
    {
        var receipt = new AwaitableSource<Unit>(Hub, null, this);
        item = item with { Receipt = receipt };
        if (Hub.IsCurrent)
        {
            Life.Send(item);
        }
        else
        {
            new LaterSend(this, item).Post();
        }

        return receipt;
    }

    /// <summary>Sends what a service's handler answers, wherever that was computed.</summary>
    internal void Reply(ReadOnlyMemory<byte> bytes)
    {
        if (!Hub.IsCurrent)
        {
            new LaterSend(this, new OutputItem(bytes) { IsReply = true }).Post();
            return;
        }

        _replying = true;
        try
        {
            Life.Send(new OutputItem(bytes));
        }
        finally
        {
            _replying = false;
        }
    }

    private void AbortHere() => Life.AbortWith(new ConnectionException($"{this} was aborted by this side.", RemoteEndPoint));

    private void CloseHere() => Life.CloseGracefully(new ObjectDisposedException(ToString(), $"{this} was disposed."));

    private sealed class LaterSend(Connection connection, OutputItem item) : IHubWait
    {
        public void Post()
        {
            Interlocked.Increment(ref connection._coming);
            if (!connection.Hub.Post(static s => ((LaterSend)s!).Send(), this))
            {
                HubEnded(connection.Hub.Ended());
            }
        }

        public void HubEnded(ObjectDisposedException error)
        {
            item.LetGo(OutputPool.Of(connection.Hub));
            item.Receipt?.TrySetException(error);
        }

        private void Send()
        {
            // Whoever finds nothing on its way now comes behind it all the same: on the hub, which is here. And what is sent may throw.
            Interlocked.Decrement(ref connection._coming);
            if (item.IsReply)
            {
                connection.Reply(item.Bytes);
            }
            else
            {
                connection.Life.Send(item);
            }
        }
    }
}
