using System.Net;
using System.Net.Sockets;
using System.Reactive;
using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive;

/// <summary>A layer that begins with a few exchanges, and changes nothing of what follows: a header, a proxy's greeting.</summary>
/// <param name="below">The transport it lies over.</param>
/// <param name="hub">Where it lives.</param>
/// <param name="name">What is agreed on, as errors show it.</param>
internal abstract class NegotiatedLayer(ITransport below, Hub hub, string name) : ILayer, ITransportHandler
{
    private readonly AwaitableSource<Unit> _opened = new(name);
    private ITransportHandler _handler = null!;
    private readonly Negotiation _negotiation = new(below);
    private MidStream? _open;
    private IDisposable? _timer;
    private bool _begun;
    private bool _wanted;
    private bool _discards;
    private bool _refused;
    private bool _endsOutput;
    private bool _closed;

    public IObservable<Unit> Opened => _opened;

    public virtual EndPoint LocalEndPoint => below.LocalEndPoint;

    public virtual EndPoint RemoteEndPoint => below.RemoteEndPoint;

    public long UntakenBytes => below.UntakenBytes;

    /// <summary>The transport it lies over.</summary>
    protected ITransport Below => below;

    /// <summary>How long all may take; null: as long as whoever waits for it waits.</summary>
    protected virtual TimeSpan? Patience => null;

    public override string ToString() => EndPoints.Connection(LocalEndPoint, RemoteEndPoint);

    public virtual T? Feature<T>()
        where T : class => this as T ?? below.Feature<T>();

    public void Start(ITransportHandler handler)
    {
        _handler = handler;
        if (!_begun)
        {
            _begun = true;
            below.Start(this);
            _timer = Patience is { } patience ? hub.StartTimer(patience, static l => ((NegotiatedLayer)l!).TimeOut(), this) : null;
            Begin();
        }
    }

    public void Receive()
    {
        _wanted = true;
        _open?.Receive();
    }

    public void Receive(Memory<byte> room)
    {
        _wanted = true;
        _open?.Receive(room);
    }

    public void Discard()
    {
        _wanted = _discards = true;
        _open?.Discard();
    }

    public int Send(ReadOnlySpan<byte> bytes) => _open is { } open ? open.Send(bytes) : Refuse();

    public int Send(ReadOnlySpan<ReadOnlyMemory<byte>> segments) => _open is { } open ? open.Send(segments) : Refuse();

    public bool TrySendFile(SafeFileHandle file, long offset, long count, out long taken)
    {
        if (_open is { } open)
        {
            return open.TrySendFile(file, offset, count, out taken);
        }

        taken = Refuse();
        return true;
    }

    public void ShutdownSend()
    {
        _endsOutput = true;
        if (_open is { } open)
        {
            open.ShutdownSend();
        }
    }

    public void Close()
    {
        Leave();
        ((ITransport?)_open ?? below).Close();
    }

    public void Abort()
    {
        Leave();
        ((ITransport?)_open ?? below).Abort();
    }

    void ITransportHandler.OnReceived(ReadOnlyMemory<byte> chunk)
    {
        if (_open is not null)
        {
            _handler.OnReceived(chunk);
        }
        else
        {
            Guarded(() => _negotiation.Received(chunk));
        }
    }

    void ITransportHandler.OnPeerEnded() => _handler.OnPeerEnded();

    void ITransportHandler.OnWritable(int sent)
    {
        if (_open is not null)
        {
            _handler.OnWritable(sent);
        }
        else
        {
            Guarded(() => _negotiation.Written(sent));
        }
    }

    void ITransportHandler.OnFailed(ConnectionException error)
    {
        if (!_closed)
        {
            Leave();
            _handler.OnFailed(_open is null ? Told(error) as ConnectionException ?? error : Named(error));
        }
    }

    /// <summary>The first step.</summary>
    protected abstract Exchange First();

    /// <summary>The error of a step, as whoever asked for the connection is to be told.</summary>
    protected virtual Exception Told(Exception error) => error;

    // Who reads it knows the connection by the endpoints that it shows.
    private ConnectionException Named(ConnectionException error) =>
        error.InnerException is SocketException cause && !RemoteEndPoint.Equals(below.RemoteEndPoint)
            ? ConnectionException.Lost(LocalEndPoint, RemoteEndPoint, cause.SocketErrorCode)
            : error;

    private int Refuse()
    {
        _refused = true;
        return 0;
    }

    private void Leave()
    {
        _closed = true;
        _timer?.Dispose();
    }

    // Whoever starts it does not have it yet: it is told of a failure in a turn of its own.
    private void Begin()
    {
        try
        {
            _negotiation.Begin(First());
            OpenIfDone();
        }
        catch (Exception error)
        {
            hub.Post(_ => Fail(error));
        }
    }

    // What a step makes of the peer's bytes ends this connection and no other.
    private void Guarded(Action step)
    {
        if (_closed)
        {
            return;
        }

        try
        {
            step();
        }
        catch (Exception error)
        {
            Fail(error);
            return;
        }

        OpenIfDone();
    }

    private void OpenIfDone()
    {
        if (_negotiation.IsDone)
        {
            Open();
        }
    }

    // From here on nothing is held but what came too early.
    private void Open()
    {
        _timer?.Dispose();
        _open = new MidStream(below, _negotiation.TakeRest(), hub);
        _open.Start(this);
        Ask(_open);
        if (_endsOutput)
        {
            _open.ShutdownSend();
        }

        _opened.TrySetResult(Unit.Default);
        if (_refused && !_closed)
        {
            _handler.OnWritable(0);
        }
    }

    private void Ask(MidStream open)
    {
        if (_discards)
        {
            open.Discard();
        }
        else if (_wanted)
        {
            open.Receive();
        }
    }

    private void TimeOut() => Fail(new TimeoutException($"{name} was not done within {Patience}."));

    // Told twice: to who waits for it to open, and to a layer above, which knows the transport's failures only.
    private void Fail(Exception thrown)
    {
        if (_closed)
        {
            return;
        }

        var error = Told(thrown);
        if (error is ProtocolException { EndPoint: null } blamed)
        {
            blamed.EndPoint = below.RemoteEndPoint;
        }

        _opened.TrySetException(error);
        if (!_closed)
        {
            Leave();
            below.Abort();
            _handler.OnFailed(error as ConnectionException ?? new ConnectionException(
                $"{this} cannot be used: {Label.MessageOf(error)}", below.RemoteEndPoint, error));
        }
    }
}
