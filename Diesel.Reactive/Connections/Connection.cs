using System.Net;
using System.Reactive;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace Diesel.Reactive;

/// <summary>The one implementation of <see cref="IConnection"/>, over any transport.</summary>
/// <remarks>
/// Life: open; perhaps ended from one side (FIN seen, or output completed); over (failed, aborted, disposed, or ended from
/// both sides); released, when the transport was let go of. A disposed connection flushes, sends its FIN and reads on
/// until the peer's, since closing a socket with unread bytes would reset the connection and take our last bytes with it.
/// </remarks>
internal sealed class Connection : IConnection, ITransportHandler, IHubResource
{
    private readonly ConnectionOptions _options;
    private readonly Inbound _input;
    private readonly Outbound _output;
    private OneTimeToken? _closed;
    private object? _reading;
    private IDisposable? _deadline;
    private bool _over;
    private bool _endedUnseen;
    private bool _disposed;
    private bool _inputEnded;
    private bool _replying;

    public Connection(Hub hub, ITransport transport, ConnectionOptions options)
    {
        (Hub, Transport, _options) = (hub, options.LayOver(transport, hub), options);
        _input = new Inbound(this);
        _output = new Outbound(this, options);
        Transport.Start(this);
        hub.Register(this);
    }

    /// <summary>The service's side of it, told when the transport was let go of.</summary>
    public Handling? Handling { get; set; }

    public Hub Hub { get; }

    public ITransport Transport { get; }

    public EndPoint LocalEndPoint => Transport.LocalEndPoint;

    public EndPoint RemoteEndPoint => Transport.RemoteEndPoint;

    public long PendingBytes => _output.Pending;

    public IObservable<bool> Writable => Observable.Defer(() => _output.Writable.DistinctUntilChanged());

    public CancellationToken Closed => (_closed ?? MakeClosed()).Token;

    internal bool IsReleased { get; private set; }

    /// <summary>Let go of, and nobody reads what is left.</summary>
    internal bool IsAbandoned => IsReleased && !_input.HasReader && !_input.IsDelivering;

    /// <summary>The loop of a service's handler: whenever it sends, it replies.</summary>
    internal Loop? Handler { get; set; }

    /// <summary>The end is in sight: the peer's, ours, or the connection's failure.</summary>
    internal bool IsEnding => _over || _disposed || IsReleased || _input.IsEnding;

    /// <summary>Whether what is sent now is a reply to this connection's own input.</summary>
    internal bool IsReplying => _replying || _input.IsDelivering || (Handler is not null && Loop.Current == Handler);

    internal bool IsMidFrame => _input.IsMidFrame;

    internal long ReceivedTotal => _input.ReceivedTotal;

    internal long SentTotal => _output.SentTotal;

    internal long ConsumedTotal => _input.ConsumedTotal;

    public Reading<T> Read<T>(Framing<T> framing)
    {
        ArgumentNullException.ThrowIfNull(framing);

        // One reader at a time, so one instance serves all reads with the same framing.
        if (_reading is Reading<T> reading && ReferenceEquals(reading.Framing, framing))
        {
            return reading;
        }

        reading = new Reading<T>(_input, framing);
        _reading = reading;
        return reading;
    }

    public IObservable<T> Decode<T>(Framing<T> framing)
    {
        ArgumentNullException.ThrowIfNull(framing);
        return new DecodedInput<T>(_input, framing);
    }

    public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer) => Decode(Framing.Chunk()).Subscribe(observer);

    public void OnNext(ReadOnlyMemory<byte> value)
    {
        if (Hub.IsCurrent)
        {
            SendHere(value);
        }
        else
        {
            SendLater(value);
        }
    }

    /// <summary>Sends what a service's handler answers, wherever that was computed.</summary>
    internal void Reply(ReadOnlyMemory<byte> bytes)
    {
        if (!Hub.IsCurrent)
        {
            ReplyLater(bytes);
            return;
        }

        _replying = true;
        try
        {
            SendHere(bytes);
        }
        finally
        {
            _replying = false;
        }
    }

    public Awaitable<Unit> Send(ReadOnlyMemory<byte> bytes) => new Sending(this, Hub.IsCurrent ? Queue(bytes) : QueueLater(bytes));

    public void OnCompleted() => OnHub(static c => c.CompleteOutput());

    public void OnError(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        if (!_over)
        {
            Hub.Report(error, ToString());
        }

        Abort();
    }

    public IDisposable Pause()
    {
        OnHub(static c => c.HoldInput());
        return Disposable.Create(() => OnHub(static c => c.ReleaseInput()));
    }

    public void Abort() => OnHub(static c => c.AbortWith(
        new ConnectionException($"{c} was aborted by this side.", c.RemoteEndPoint)));

    public void Dispose() => OnHub(static c => c.CloseGracefully(new ObjectDisposedException(c.ToString(), $"{c} was disposed.")));

    public override string ToString() => $"connection {LocalEndPoint} to {RemoteEndPoint}";

    void ITransportHandler.OnReceived(ReadOnlyMemory<byte> chunk)
    {
        if (chunk.IsEmpty)
        {
            _inputEnded = true;
        }

        _input.Received(chunk);
        EndIfBothSidesEnded();
    }

    void ITransportHandler.OnWritable(int sent) => _output.Resume(sent);

    void ITransportHandler.OnFailed(ConnectionException error)
    {
        Release();
        End(error);
        _output.LetGoOfInput();
        _input.Fail(error);
    }

    /// <summary>User code threw while this connection delivered to it: this connection ends, nothing else.</summary>
    internal void Break(Exception error)
    {
        Hub.Report(error, ToString());
        AbortWith(new ConnectionException($"{this} was aborted because its handler threw {error.GetType().Name}.", RemoteEndPoint, error));
    }

    internal void Overflow(SlowConsumerException error)
    {
        AbortWith(error);
        Hub.Report(error, ToString());
    }

    /// <summary>Ends the connection with an error its reader and its senders get.</summary>
    internal void AbortWith(Exception error)
    {
        if (!IsReleased)
        {
            Transport.Abort();
            Release();
        }

        End(error);
        _input.Close(error);
    }

    /// <summary>Flushes and closes; the reader gets the error.</summary>
    internal void CloseGracefully(Exception error)
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _input.Close(error);
        EndClosed();
        if (IsReleased)
        {
            return;
        }

        _deadline = Hub.StartTimer(_options.CloseTimeout, static c => ((Connection)c!).AbortLate(), this);
        _output.Complete();
        EndIfBothSidesEnded();
    }

    /// <summary>Ends the input at the next frame boundary, as if the peer had.</summary>
    internal void DrainInput() => _input.Drain();

    /// <summary>The peer has ended and there is no reader to tell; whoever waits for something else is told here.</summary>
    internal void EndedUnseen()
    {
        _endedUnseen = true;
        _closed?.Cancel();
    }

    internal void HoldInput() => _input.Hold();

    internal void ReleaseInput() => _input.Release();

    internal void OutputFinished()
    {
        if (IsReleased)
        {
            return;
        }

        Transport.ShutdownSend();
        EndIfBothSidesEnded();
        if (_disposed && !IsReleased)
        {
            _input.AwaitEnd();
        }
    }

    private void SendLater(ReadOnlyMemory<byte> bytes) => Hub.Post(_ => SendHere(bytes));

    private void ReplyLater(ReadOnlyMemory<byte> bytes) => Hub.Post(_ => Reply(bytes));

    private void SendHere(ReadOnlyMemory<byte> bytes)
    {
        if (!_output.IsCompleted)
        {
            _output.Send(bytes);
        }
        else if (!_over || _disposed)
        {
            // The peer's end is no mistake of the sender's, but sending after its own end is.
            Hub.Report(SentAfterEnd(), ToString());
        }
    }

    private IObservable<Unit> Queue(ReadOnlyMemory<byte> bytes) =>
        _output.IsCompleted ? Observable.Throw<Unit>(SentAfterEnd()) : _output.SendWithReceipt(bytes);

    private AsyncSubject<Unit> QueueLater(ReadOnlyMemory<byte> bytes)
    {
        var receipt = new AsyncSubject<Unit>();
        if (!Hub.Post(_ => Queue(bytes).Subscribe(receipt)))
        {
            receipt.OnError(new ObjectDisposedException(nameof(Hub), $"The hub of {this} was disposed."));
        }

        return receipt;
    }

    private Exception SentAfterEnd() =>
        _disposed ? new ObjectDisposedException(ToString(), $"Cannot send on {this}: it was disposed.")
        : _over ? new ConnectionException($"Cannot send on {this}: it is over. Watch Closed, or handle the reader's end.", RemoteEndPoint)
        : new InvalidOperationException($"Cannot send on {this}: OnCompleted has ended its output. Send first, complete last.");

    private void CompleteOutput()
    {
        if (!_output.IsCompleted)
        {
            _output.Complete();
            _input.AwaitEnd();
        }
    }

    private void EndIfBothSidesEnded()
    {
        if (_inputEnded && _output.IsFinished && !IsReleased)
        {
            Transport.Close();
            Release();
            End(new ConnectionException($"{this} is over: both sides have ended it.", RemoteEndPoint));
        }
    }

    private void AbortLate()
    {
        if (!IsReleased)
        {
            AbortWith(new ConnectionException(
                $"{this} was reset: its output was not taken within {nameof(ConnectionOptions.CloseTimeout)} ({_options.CloseTimeout}).",
                RemoteEndPoint));
        }
    }

    private void End(Exception error)
    {
        _output.Close(error);
        EndClosed();
    }

    // Asked for seldom, and on any thread.
    private OneTimeToken MakeClosed()
    {
        Interlocked.CompareExchange(ref _closed, new OneTimeToken(Hub, this), null);
        if (_over || _endedUnseen)
        {
            _closed.Cancel();
        }

        return _closed;
    }

    private void EndClosed()
    {
        _over = true;
        _closed?.Cancel();
    }

    private void Release()
    {
        if (!IsReleased)
        {
            IsReleased = true;
            _deadline?.Dispose();
            Hub.Unregister(this);
            Handling?.OnReleased();
        }
    }

    private void OnHub(Action<Connection> action)
    {
        if (Hub.IsCurrent)
        {
            action(this);
        }
        else
        {
            Hub.Post(_ => action(this));
        }
    }
}
