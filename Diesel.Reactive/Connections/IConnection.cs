using System.Net;
using System.Reactive;
using System.Reactive.Subjects;

namespace Diesel.Reactive;

/// <summary>One duplex stream of bytes: what comes in is observed, what goes out is observed by it.</summary>
/// <remarks>
/// <para>Input is hot and paused until somebody reads, and has one reader at a time; a second one gets an
/// <see cref="InvalidOperationException"/>. Bytes a reader did not consume stay for the next one. Between readers nothing
/// is read from the socket. Chunks are immutable and may be kept; a small slice kept for long holds its slab of up to
/// 64 KiB, so copy it then.</para>
/// <para>The peer's FIN is <c>OnCompleted</c> on a frame boundary and <see cref="TruncatedFrameException"/> inside a frame;
/// a reset is <see cref="ConnectionException"/>. Frames received before either are delivered first. The end is told once:
/// a reader that comes after it gets <see cref="EndOfStreamException"/>, so that <c>Repeat</c> ends.</para>
/// <para>Output: <c>OnNext</c> queues and never blocks, <c>OnCompleted</c> half-closes after the flush, <c>OnError</c>
/// aborts. All notifications arrive on the hub; the members may be called from any thread.</para>
/// <para>Source: diesel's <c>Connection</c>, with the traps of its pipeline decided.</para>
/// </remarks>
public interface IConnection : ISubject<ReadOnlyMemory<byte>>, IDisposable
{
    /// <summary>This side's address and port.</summary>
    EndPoint LocalEndPoint { get; }

    /// <summary>The peer's address and port.</summary>
    EndPoint RemoteEndPoint { get; }

    /// <summary>Reads one frame.</summary>
    /// <typeparam name="T">What a frame is decoded to.</typeparam>
    /// <param name="framing">Where a frame ends; share one instance between reads.</param>
    /// <returns>Cold: each subscription, and each <c>await</c>, reads one frame. It gives one value and completes;
    /// completes empty when the peer has ended on a frame boundary (awaited, that is an
    /// <see cref="EndOfStreamException"/>). Unsubscribed before the frame is whole, it consumes nothing.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="framing"/> is null.</exception>
    /// <remarks>Errors: <see cref="ProtocolException"/>, <see cref="ConnectionException"/>,
    /// <see cref="InvalidOperationException"/> when another reader is attached.
    /// Source: diesel's <c>until</c>, <c>until_eol</c> and <c>receive</c>.</remarks>
    Reading<T> Read<T>(Framing<T> framing);

    /// <summary>Reads all frames, one after the other.</summary>
    /// <typeparam name="T">What a frame is decoded to.</typeparam>
    /// <param name="framing">Where a frame ends.</param>
    /// <returns>Cold around a hot source: subscribing attaches the reader, unsubscribing detaches it and leaves what was
    /// not consumed. Completes at the peer's FIN.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="framing"/> is null.</exception>
    /// <remarks>Errors: as <see cref="Read{T}"/>.</remarks>
    IObservable<T> Decode<T>(Framing<T> framing);

    /// <summary>Queues bytes and tells when they were handed to the kernel.</summary>
    /// <param name="bytes">Must not change afterwards; may be empty.</param>
    /// <returns>Hot: the bytes are queued by the call itself, observed or not. One <see cref="Unit"/> and completion once
    /// the last of these bytes was handed over.</returns>
    /// <remarks>Errors: <see cref="ConnectionException"/> when the connection ends first,
    /// <see cref="InvalidOperationException"/> after <c>OnCompleted</c>, <see cref="ObjectDisposedException"/> after
    /// <c>Dispose</c>, <see cref="SlowConsumerException"/> past the bound. Source: diesel's <c>send</c>.</remarks>
    Awaitable<Unit> Send(ReadOnlyMemory<byte> bytes);

    /// <summary>Bytes queued and not yet handed to the kernel.</summary>
    long PendingBytes { get; }

    /// <summary>Whether a producer should go on: false above the high-water mark, true again below the low one.</summary>
    /// <remarks>Gives the present state on subscription, then each change; completes when the connection is closed.</remarks>
    IObservable<bool> Writable { get; }

    /// <summary>Holds reading: no byte is read from the socket and no frame delivered until every hold is disposed.</summary>
    /// <returns>The hold; disposing it twice counts once.</returns>
    IDisposable Pause();

    /// <summary>Cancelled, on the hub, when the connection is over (failed, aborted, disposed, or ended from both sides), and
    /// when the peer ends it while nobody reads: a reader is told by <c>OnCompleted</c>, a loop that sleeps is told here.</summary>
    CancellationToken Closed { get; }

    /// <summary>Ends the connection at once with a reset (RST); what is queued is lost.</summary>
    void Abort();
}
