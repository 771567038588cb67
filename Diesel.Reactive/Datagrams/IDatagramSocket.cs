using System.Net;
using System.Reactive.Subjects;

namespace Diesel.Reactive;

/// <summary>A datagram socket: what arrives is observed, what is to be sent is observed by it.</summary>
/// <remarks>
/// It receives from the start. Datagrams that nobody reads are kept up to <see cref="UdpOptions.MaxQueuedBytes"/>; then the
/// oldest are dropped and counted, as is a datagram the socket sent to itself, which would be answered for ever. One reader at
/// a time, detached and told by <c>OnError</c> when its observer throws; a second one gets an <see cref="InvalidOperationException"/>.
/// An ICMP error is an entry of <see cref="Errors"/>, not the end; a datagram of no bytes is a datagram. Notifications
/// arrive on the hub; the members may be called from any thread. <c>OnCompleted</c> is ignored and <c>OnError</c> reported:
/// a socket serves many peers, and one stream of replies does not end it. Idea: diesel's <c>UDPSocket</c>.
/// </remarks>
public interface IDatagramSocket : ISubject<Datagram>, IDisposable
{
    /// <summary>This side's address and port.</summary>
    EndPoint LocalEndPoint { get; }

    /// <summary>The one peer of a connected socket; null for one that talks to anybody.</summary>
    EndPoint? RemoteEndPoint { get; }

    /// <summary>What went wrong with single datagrams, sent or received; never fails, completes with the socket.</summary>
    IObservable<Exception> Errors { get; }

    /// <summary>Datagrams thrown away: nobody read them in time, or they came from this socket itself.</summary>
    long Dropped { get; }

    /// <summary>Cancelled, on the hub, when the socket was disposed.</summary>
    CancellationToken Closed { get; }

    /// <summary>Reads one datagram.</summary>
    /// <returns>Cold: each subscription and each <c>await</c> reads one; unsubscribed before, it takes none.</returns>
    /// <remarks>Errors: <see cref="ObjectDisposedException"/>, <see cref="InvalidOperationException"/> when another reader
    /// is attached. Idea: diesel's <c>receive(datagram)</c>.</remarks>
    Awaitable<Datagram> Receive();

    /// <summary>Reads all datagrams.</summary>
    /// <returns>As observing the socket itself; completes when it is disposed.</returns>
    IObservable<Datagram> Datagrams();

    /// <summary>Reads all datagrams, as one conversation per sender.</summary>
    /// <param name="idle">A conversation without a datagram in or out for so long is over.</param>
    /// <returns>One <see cref="DatagramPeer"/> per sender, its first datagram inside. Unsubscribing ends them all. For one sender more
    /// than <see cref="UdpOptions.MaxPeers"/>, the conversation that was active least recently is over.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="idle"/> is not positive.</exception>
    /// <remarks>Idea: diesel 4's <c>UDPService(streaming=True)</c>, the oldest wish of diesel's users.</remarks>
    IObservable<DatagramPeer> Peers(TimeSpan idle);

    /// <summary>Sends to the one peer of a connected socket.</summary>
    /// <param name="payload">Bytes; at most 65507.</param>
    /// <exception cref="InvalidOperationException">The socket is not connected: send a <see cref="Datagram"/> with
    /// <c>OnNext</c>.</exception>
    void Send(ReadOnlyMemory<byte> payload);
}
