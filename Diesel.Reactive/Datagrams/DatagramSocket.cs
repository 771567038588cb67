using System.Net;
using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace Diesel.Reactive;

/// <summary>The one implementation of <see cref="IDatagramSocket"/>, over any datagram transport.</summary>
internal sealed class DatagramSocket : IDatagramSocket, IHubResource
{
    /// <summary>What a datagram costs besides its payload.</summary>
    public const int CostPerDatagram = 64;

    private readonly Hub _hub;
    private readonly IDatagramTransport _transport;
    private readonly UdpOptions _options;
    private readonly MailBound _bound;
    private readonly Mailbox<Datagram> _received;
    private readonly Subject<Exception> _errors = new();
    private OneTimeToken _closed;
    private bool _disposed;

    public DatagramSocket(Hub hub, IDatagramTransport transport, EndPoint? remote, UdpOptions options)
    {
        (_hub, _transport, _options, RemoteEndPoint) = (hub, transport, options, remote);
        _bound = new MailBound(options.MaxQueuedBytes);
        _received = new Mailbox<Datagram>(hub, this, _bound, static d => d.Payload.Length + CostPerDatagram);
        hub.Invoke(static s => ((DatagramSocket)s!).Begin(), this);
    }

    public EndPoint LocalEndPoint => _transport.LocalEndPoint;

    public EndPoint? RemoteEndPoint { get; }

    public IObservable<Exception> Errors => _errors.AsObservable();

    public long Dropped => _bound.Dropped;

    internal IDatagramTransport Transport => _transport;

    /// <summary>Datagrams taken by readers.</summary>
    internal long Received => _received.Delivered;

    public CancellationToken Closed => _closed.Token;

    public Awaitable<Datagram> Receive() => _received.One();

    public IObservable<Datagram> Datagrams() => _received.All();

    public IObservable<DatagramPeer> Peers(TimeSpan idle)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(idle, TimeSpan.Zero);
        return new Conversing(this, idle);
    }

    public IDisposable Subscribe(IObserver<Datagram> observer) => Datagrams().Subscribe(observer);

    public void Send(ReadOnlyMemory<byte> payload) => OnNext(new Datagram(payload, RemoteEndPoint ?? throw new InvalidOperationException(
        $"{this} has no fixed peer: send a Datagram with OnNext, or make the socket with Udp.Connect.")));

    public void OnNext(Datagram value)
    {
        if (_hub.IsCurrent)
        {
            SendHere(value);
        }
        else
        {
            SendLater(value);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        _hub.Report(error, ToString());
    }

    public void Dispose() => _hub.Invoke(static s => ((DatagramSocket)s!).Close(), this);

    public void Abort() => Close();

    /// <summary>Drops and counts what nobody has read. In a turn.</summary>
    public void DropUnread() => _received.DropAll();

    public override string ToString() => RemoteEndPoint is null ? $"datagram socket {LocalEndPoint}" : $"datagram socket {LocalEndPoint} to {RemoteEndPoint}";

    private void Begin()
    {
        if (!_disposed)
        {
            _hub.Register(this);
            _transport.Start(Take, Fail);
        }
    }

    // One from this socket itself, answered, would come back for ever.
    private void Take(Datagram datagram)
    {
        if (_transport.IsOwn(datagram.RemoteEndPoint))
        {
            _bound.CountDropped();
        }
        else
        {
            _received.Add(datagram);
        }
    }

    private void SendLater(Datagram datagram) => _hub.Post(_ => SendHere(datagram));

    private void SendHere(Datagram datagram)
    {
        if (_disposed)
        {
            _hub.Report(new ObjectDisposedException(ToString(), $"Cannot send on {this}: it was disposed."), ToString());
        }
        else if (datagram.RemoteEndPoint is null)
        {
            _hub.Report(new ArgumentException("A datagram to send needs a RemoteEndPoint; answer with Reply, or use Udp.Connect and Send."), ToString());
        }
        else
        {
            _transport.Send(datagram);
        }
    }

    private void Fail(Exception error)
    {
        try
        {
            _errors.OnNext(error);
        }
        catch (Exception thrown)
        {
            _hub.Report(thrown, ToString());
        }
    }

    private void Close()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _transport.Close();
        _hub.Unregister(this);
        _closed.Cancel(_hub, this);
        _received.Close(new ObjectDisposedException(ToString(), $"{this} was disposed."));
        _errors.OnCompleted();
    }

    // Observable.Create would end the subscription, and with it all conversations, when the observer throws.
    private sealed class Conversing(DatagramSocket socket, TimeSpan idle) : IObservable<DatagramPeer>
    {
        public IDisposable Subscribe(IObserver<DatagramPeer> observer)
        {
            ArgumentNullException.ThrowIfNull(observer);
            return new DatagramPeers(socket._hub, socket, socket._bound, socket._options.MaxPeers, idle, observer).Start();
        }
    }
}
