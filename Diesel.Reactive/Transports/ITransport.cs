using System.Net;
using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive;

/// <summary>The pipe under a connection: moves bytes, knows nothing of frames, readers or watermarks. Used on its hub's
/// thread only.</summary>
/// <remarks>
/// <para>TLS is a transport over a transport (see <see cref="ILayer"/>); a test's network is transports in memory.</para>
/// <para>Over, after <see cref="Close"/>, <see cref="Abort"/> or <see cref="ITransportHandler.OnFailed"/>, it can be closed and
/// aborted again, which does nothing, and asked for its endpoints. Any other call is a mistake that reaches nobody: no byte and no
/// FIN leaves, <see cref="Send(ReadOnlySpan{byte})"/> takes nothing, no callback follows. Networks in memory throw, so that tests find it.</para>
/// </remarks>
public interface ITransport
{
    /// <summary>This side's endpoint.</summary>
    EndPoint LocalEndPoint { get; }

    /// <summary>The peer's endpoint.</summary>
    EndPoint RemoteEndPoint { get; }

    /// <summary>Bytes handed over that the peer's system has not taken yet; 0 where nobody can know, and when it is over.</summary>
    long UntakenBytes { get; }

    /// <summary>Names who is told; called before anything else, and again when a layer is laid over it in mid-stream: from then on
    /// that one is told, of everything that was not told before.</summary>
    /// <remarks>From now on a failure (a reset) is told, whether somebody receives or not, as far as the system shows it;
    /// chunks that arrived before it are told first, asked for or not, and so is the peer's end.</remarks>
    /// <param name="handler">Called in turns of the hub, never from within a call to the transport.</param>
    void Start(ITransportHandler handler);

    /// <summary>Asks for one chunk: one <see cref="ITransportHandler.OnReceived"/> or
    /// <see cref="ITransportHandler.OnFailed"/> follows. Not called again before, nor
    /// after the peer's end was told.</summary>
    void Receive();

    /// <summary>As <see cref="Receive()"/>, with room for the chunk: in the array it is to lie in, or as little as may come.</summary>
    /// <param name="room">At least one byte; the transport's until the next chunk is told, wherever that lies. Only its first bytes
    /// are written.</param>
    /// <remarks>By default it is <see cref="Receive()"/>: a chunk may always lie elsewhere, and be longer.</remarks>
    void Receive(Memory<byte> room) => Receive();

    /// <summary>As <see cref="Receive()"/>, for bytes nobody wants: the peer's end or its failure is all that is waited for.</summary>
    /// <remarks>Of the chunk that follows only the length counts, as its memory may be used again. By default it is
    /// <see cref="Receive()"/>; a transport that knows better allocates nothing for it.</remarks>
    void Discard() => Receive();

    /// <summary>Hands bytes over, as many as fit now.</summary>
    /// <param name="bytes">Valid during the call only.</param>
    /// <returns>How many were taken. Fewer than all: one <see cref="ITransportHandler.OnWritable"/> (or a failure) follows;
    /// not called again before, nor after <see cref="ShutdownSend"/>.</returns>
    int Send(ReadOnlySpan<byte> bytes);

    /// <summary>As the other, for bytes that lie in several places; for the peer they are one stream.</summary>
    /// <param name="segments">In this order; none is empty. Valid during the call only, as the bytes are.</param>
    /// <returns>How many bytes were taken, of all of them.</returns>
    /// <remarks>By default each is sent by itself; a transport that knows better tells the system once.</remarks>
    int Send(ReadOnlySpan<ReadOnlyMemory<byte>> segments)
    {
        var taken = 0;
        foreach (var segment in segments)
        {
            var some = Send(segment.Span);
            taken += some;
            if (some < segment.Length)
            {
                break;
            }
        }

        return taken;
    }

    /// <summary>As <see cref="Send(ReadOnlySpan{byte})"/>, for part of a file that the system reads itself.</summary>
    /// <param name="file">Open for reading; had so many bytes when it was queued, and may have fewer now.</param>
    /// <param name="offset">In bytes, from the file's beginning.</param>
    /// <param name="count">How many bytes; at least 1.</param>
    /// <param name="taken">How many were taken.</param>
    /// <returns>True: all were taken, or one <see cref="ITransportHandler.OnWritable"/> (or a failure) follows. False: the rest cannot
    /// be sent this way; whoever asks reads it and sends what was read, or finds out why it cannot be read. By default nothing can.</returns>
    bool TrySendFile(SafeFileHandle file, long offset, long count, out long taken)
    {
        taken = 0;
        return false;
    }

    /// <summary>Sends a FIN after what was taken; receiving goes on. The second call does nothing.</summary>
    void ShutdownSend();

    /// <summary>Lets go of the socket. No callback follows.</summary>
    void Close();

    /// <summary>Resets the connection (RST) and lets go of the socket. No callback follows.</summary>
    void Abort();

    /// <summary>What it knows beside its bytes: the protocol that was agreed on, a certificate, the address behind a proxy, an id for logs.</summary>
    /// <typeparam name="T">The kind of knowledge: an interface or a class that both sides know.</typeparam>
    /// <returns>Null: it knows nothing of the kind. A layer asks the transport it lies over then.</returns>
    /// <remarks>By default the transport itself, when it is one.</remarks>
    T? Feature<T>()
        where T : class => this as T;
}
