namespace Diesel.Reactive;

/// <summary>The life of a connection: who still sends, who still receives, and when its transport is let go of.</summary>
/// <remarks>
/// Open; perhaps ended from one side (FIN seen, or output completed); over (failed, aborted, disposed, or ended from
/// both sides); released, when the transport was let go of. A disposed connection flushes, sends its FIN and reads on
/// until the peer's, since closing a socket with unread bytes would reset the connection and take our last bytes with it.
/// </remarks>
internal sealed class ConnectionLife : ITransportHandler, IHubResource
{
    private readonly Connection _connection;
    private readonly ConnectionOptions _options;
    private OneTimeToken _closed;
    private OneTimeToken _peerEnded;
    private CloseWatch? _closing;
    private Deadline? _readingTime;
    private bool _disposed;

    public ConnectionLife(Connection connection, ITransport transport, ConnectionOptions options)
    {
        (_connection, Transport, _options) = (connection, transport, options);
        Input = new Inbound(connection, this);
        Output = new Outbound(connection, this, options);
    }

    /// <summary>The uppermost layer.</summary>
    public ITransport Transport { get; set; }

    /// <summary>What has to agree with the peer's before it carries anything; null: nothing.</summary>
    public ILayer? Agreement => _options.AgreementOf(Transport);

    /// <summary>A layer is being laid over it.</summary>
    public bool IsUpgrading { get; set; }

    public Inbound Input { get; }

    public Outbound Output { get; }

    public int HighWaterMark => _options.HighWaterMark;
    public int LowWaterMark => _options.LowWaterMark;

    /// <summary>Whose connection it is; null: nobody's who must be told of its life.</summary>
    public IConnectionOwner? Owner { get; set; }

    /// <summary>Failed, aborted, disposed, or ended from both sides.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Why it is over; null: it is not.</summary>
    public Exception? WhyOver => IsOver ? Output.Failure ?? Input.Failure : null;

    /// <summary>The transport was let go of.</summary>
    public bool IsReleased { get; private set; }

    /// <summary>Let go of, and nobody reads what is left.</summary>
    public bool IsAbandoned => IsReleased && !Input.HasReader && !Input.IsDelivering;

    /// <summary>The end is in sight: the peer's, ours, or the connection's failure.</summary>
    public bool IsEnding => IsOver || _disposed || IsReleased || Input.IsEnding;

    public CancellationToken Closed => _closed.Token;

    public CancellationToken PeerEnded => _peerEnded.Token;

    /// <summary>The peer sends no more; what it sent may still be unread.</summary>
    public bool HasPeerEnded => _peerEnded.IsCancelled;

    /// <summary>By when the reader is to have its frame, if it has a time limit.</summary>
    public Deadline ReadingTime => _readingTime ??= new Deadline(Hub, static life => ((ConnectionLife)life!).EndLateReader(), this);

    private Hub Hub => _connection.Hub;

    public void Start()
    {
        Transport.Start(this);
        Hub.Register(this);
        Handshake.Watch(_connection, Agreement, CloseGracefully);
    }

    void IHubResource.Abort() => _connection.Abort();

    void ITransportHandler.OnReceived(ReadOnlyMemory<byte> chunk)
    {
        if (chunk.IsEmpty)
        {
            EndPeer();
        }

        Input.Received(chunk);
        EndIfBothSidesEnded();
    }

    void ITransportHandler.OnPeerEnded() => EndPeer();

    void ITransportHandler.OnWritable(int sent) => Output.Resume(sent);

    void ITransportHandler.OnFailed(ConnectionException error)
    {
        Release();
        End(error);
        Output.LetGoOfInput();
        Input.Fail(error);
    }

    /// <summary>User code threw while this connection delivered to it: this connection ends, nothing else.</summary>
    public void Break(Exception error)
    {
        Hub.Report(error, _connection.ToString());
        AbortWith(new ConnectionException($"{_connection} was aborted because its handler threw {error.GetType().Name}.", _connection.RemoteEndPoint, error));
    }

    /// <summary>As <see cref="AbortWith"/>, for what nobody may have asked to be told.</summary>
    public void AbortAndReport(Exception error)
    {
        AbortWith(error);
        Hub.Report(error, _connection.ToString());
    }

    /// <summary>Ends the connection with an error its reader and its senders get.</summary>
    public void AbortWith(Exception error)
    {
        if (!IsReleased)
        {
            Transport.Abort();
            Release();
        }

        End(error);
        Input.Close(error);
    }

    /// <summary>Flushes and closes; the reader gets the error.</summary>
    public void CloseGracefully(Exception error)
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Input.Close(error);
        EndClosed();
        if (IsReleased)
        {
            return;
        }

        _closing = new CloseWatch(this, Hub, _options.CloseTimeout);
        Output.Complete();
        EndIfBothSidesEnded();
    }

    public void OutputFinished()
    {
        if (IsReleased)
        {
            return;
        }

        Transport.ShutdownSend();
        EndIfBothSidesEnded();
        if (_disposed && !IsReleased)
        {
            Input.AwaitEnd();
        }

        Owner?.OnOutputEnded();
    }

    public void Send(in OutputItem item)
    {
        if (!Output.IsCompleted)
        {
            Output.Send(item);
        }
        else if (item.Receipt is { } receipt)
        {
            item.LetGo(OutputPool.Of(Hub));
            receipt.TrySetException(Refusal());
        }
        else
        {
            Refuse();
        }
    }

    /// <summary>Shows that something was sent too late. The peer's end is no mistake of the sender's, but sending after its own end is.</summary>
    public void Refuse()
    {
        if (!IsOver || _disposed)
        {
            Hub.Report(Refusal(), _connection.ToString());
        }
    }

    /// <summary>Why nothing is sent any more.</summary>
    public Exception Refusal() =>
        _disposed ? new ObjectDisposedException(_connection.ToString(), $"Cannot send on {_connection}: it was disposed.")
        : IsOver ? new ConnectionException($"Cannot send on {_connection}: it is over. Watch Closed, or handle the reader's end.", _connection.RemoteEndPoint)
        : new InvalidOperationException($"Cannot send on {_connection}: OnCompleted has ended its output. Send first, complete last.");

    public void CompleteOutput()
    {
        if (!Output.IsCompleted)
        {
            Output.Complete();
            Input.AwaitEnd();
        }
    }

    private void EndIfBothSidesEnded()
    {
        if (Input.HasEnded && Output.IsFinished && !IsReleased)
        {
            LetGo($"{_connection} is over: both sides have ended it.");
        }
    }

    /// <summary>The close makes no progress: the peer takes nothing more, or it has all and does not end.</summary>
    public void GiveUp()
    {
        if (Output.Pending > 0 || Transport.UntakenBytes > 0)
        {
            AbortWith(new ConnectionException(
                $"{_connection} was reset: its output was not taken within {nameof(ConnectionOptions.CloseTimeout)} ({_options.CloseTimeout}).",
                _connection.RemoteEndPoint));
        }
        else
        {
            LetGo($"{_connection} is over: its peer did not end it within {nameof(ConnectionOptions.CloseTimeout)} ({_options.CloseTimeout}).");
        }
    }

    private void LetGo(string why)
    {
        Transport.Close();
        Release();
        End(new ConnectionException(why, _connection.RemoteEndPoint));
    }

    private void End(Exception error)
    {
        Output.Close(error);
        EndClosed();
    }

    private void EndClosed()
    {
        ConnectionLog.Over(_connection);
        IsOver = true;
        _peerEnded.Cancel(Hub, _connection);
        _closed.Cancel(Hub, _connection);
    }

    private void EndPeer()
    {
        if (HasPeerEnded)
        {
            return;
        }

        _peerEnded.Cancel(Hub, _connection);
        if (!IsOver)
        {
            Owner?.OnHalfClosed();
        }
    }

    // Who reads is told of the end by now, unless it is held.
    private void LetGoOfReadingTime()
    {
        if (!Input.HasReader)
        {
            ReadingTime.Cancel();
        }
    }

    private void EndLateReader()
    {
        if (Input.Present is ITimedReader reader)
        {
            Input.Expel(reader, reader.Late());
        }
    }

    private void Release()
    {
        if (!IsReleased)
        {
            IsReleased = true;
            _closing?.Dispose();
            if (_readingTime is { IsActive: true })
            {
                Hub.Post(static life => ((ConnectionLife)life!).LetGoOfReadingTime(), this);
            }

            Hub.Unregister(this);
            Owner?.OnReleased();
        }
    }
}
