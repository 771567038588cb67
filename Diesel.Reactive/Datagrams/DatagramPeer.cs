using System.Net;
using System.Reactive.Subjects;

namespace Diesel.Reactive;

/// <summary>The conversation with one sender of datagrams.</summary>
/// <remarks>Datagrams keep their boundaries: each value is one. Those that nobody reads are kept up to the bound of
/// all conversations together, then the oldest are dropped. It completes when it was idle too long, when it is disposed, when
/// there are more than <see cref="UdpOptions.MaxPeers"/> and it was active least recently, or with the socket; what nobody had
/// read by then is dropped.</remarks>
public sealed class DatagramPeer : ISubject<ReadOnlyMemory<byte>>, IDisposable
{
    private readonly DatagramPeers _peers;
    private readonly IDatagramSocket _socket;
    private readonly Mailbox<ReadOnlyMemory<byte>> _received;

    internal DatagramPeer(DatagramPeers peers, IDatagramSocket socket, EndPoint remote, Hub hub, MailBound bound)
    {
        (_peers, _socket, RemoteEndPoint) = (peers, socket, remote);
        _received = new Mailbox<ReadOnlyMemory<byte>>(hub, this, bound, static p => p.Length + DatagramSocket.CostPerDatagram);
        Place = new LinkedListNode<DatagramPeer>(this);
    }

    /// <summary>The sender.</summary>
    public EndPoint RemoteEndPoint { get; }

    internal TimeSpan LastActivity { get; set; }

    /// <summary>Its place among all conversations, by activity; in none when it has ended.</summary>
    internal LinkedListNode<DatagramPeer> Place { get; }

    /// <summary>Reads one payload.</summary>
    /// <returns>Cold: each subscription and each <c>await</c> reads one.</returns>
    /// <remarks>Errors: <see cref="ObjectDisposedException"/> when the conversation is over.</remarks>
    public Awaitable<ReadOnlyMemory<byte>> Receive() => _received.One();

    /// <summary>Reads all payloads.</summary>
    /// <param name="observer">Gets each datagram's payload; completed when the conversation is over.</param>
    /// <returns>Stops reading.</returns>
    public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer) => _received.All().Subscribe(observer);

    /// <summary>Sends one datagram to the peer.</summary>
    /// <param name="value">Its payload.</param>
    public void OnNext(ReadOnlyMemory<byte> value)
    {
        _received.Hub.Invoke(static p => ((DatagramPeer)p!).Touch(), this);
        _socket.OnNext(new Datagram(value, RemoteEndPoint));
    }

    /// <summary>Ends the conversation.</summary>
    public void OnCompleted() => Dispose();

    /// <summary>Ends the conversation and reports the error.</summary>
    /// <param name="error">What failed.</param>
    public void OnError(Exception error)
    {
        _socket.OnError(error);
        Dispose();
    }

    /// <summary>Ends the conversation; the next datagram of the same sender begins a new one.</summary>
    public void Dispose() => _received.Hub.Invoke(static p => ((DatagramPeer)p!).End(), this);

    /// <summary>Its sender, as errors show it.</summary>
    public override string ToString() => $"conversation with {RemoteEndPoint}";

    internal void Add(ReadOnlyMemory<byte> payload) => _received.Add(payload);

    internal void Close(string because) => _received.Close(new ObjectDisposedException(ToString(), $"The {this} is over: {because}."));

    private void Touch() => _peers.Touch(this);

    private void End() => _peers.End(this, "it was disposed");
}
