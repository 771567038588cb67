using System.Buffers;

namespace Diesel.Reactive;

/// <summary>The input side of a connection: buffer, the one reader, and holds.</summary>
internal sealed class Inbound(Connection connection, ConnectionLife life) : Readable(connection.Hub)
{
    // Between two reads of what nobody wants: 13 MB a second at most, which an upload can live with and a flood cannot abuse.
    private static readonly TimeSpan DiscardingPause = TimeSpan.FromMilliseconds(5);

    private FrameBuffer _buffer;
    private Exception? _failure;
    private int _holds;
    private bool _receiving;
    private bool _resting;
    private bool _closed;
    private bool _draining;

    /// <summary>Received and not consumed; what readers decode from.</summary>
    public ref FrameBuffer Buffer => ref _buffer;

    /// <summary>How many bytes that is.</summary>
    public int Buffered => _buffer.Length;

    public long ConsumedTotal => _buffer.ConsumedTotal;

    public Connection Connection => connection;

    public long ReceivedTotal { get; private set; }

    /// <summary>A reader waits for the peer.</summary>
    public bool IsWaiting => HasReader && _holds == 0 && _receiving;

    /// <summary>A reader has part of a frame or a body and waits for the rest.</summary>
    public bool IsMidFrame => IsWaiting && (_buffer.Length > 0 || IsBodyExpected);

    /// <summary>The peer owes bytes, however they are read.</summary>
    public bool IsBodyExpected => Present is { IsOwed: true };

    /// <summary>What the buffers of several connections hold together; null: nobody counts.</summary>
    public ByteBudget? Budget { get; set; }

    /// <summary>The peer has ended; what it sent may still be unread.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>It has ended without saying so, as it would have: somebody may have cut the stream short.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The end was told to a reader.</summary>
    public bool EndWasTold { get; private set; }

    /// <summary>Why nothing more comes.</summary>
    public Exception? Failure => _failure;

    /// <summary>The peer has ended, or this side has stopped asking for more.</summary>
    public bool IsEnding => HasEnded || _draining;

    /// <summary>What slows it down; null: nothing does.</summary>
    public Throttle? Throttle { get; set; }

    /// <summary>Whether the present thread may take a frame from the buffer without attaching.</summary>
    public bool CanTake => !HasReader && _holds == 0 && _buffer.Length > 0 && Hub.IsCurrent;

    /// <summary>Bytes held, as of the last look, so that nothing is to be told for each frame that is taken.</summary>
    public int Held
    {
        get;
        private set
        {
            Budget?.Change(value - field);
            field = value;
        }
    }

    public override string ToString() => connection.ToString();

    public void Hold() => _holds++;

    public void Release()
    {
        if (--_holds == 0)
        {
            Deliver();
        }
    }

    /// <summary>Whether a reader that was given something gets more at once.</summary>
    public bool GoesOn(IReader reader) => Present == reader && _holds == 0 && !_closed;

    /// <summary>Nothing more comes for this reader: the peer has ended, or, where it owes nothing, this side has stopped asking.</summary>
    public bool IsAtEnd(bool isOwed) => HasEnded || (_draining && _buffer.Length == 0 && !isOwed);

    /// <summary>Tells the budget what is held now.</summary>
    public void Account() => Held = _buffer.Held;

    public void LeaveBudget() => (Held, Budget) = (0, null);

    public void Received(ReadOnlyMemory<byte> chunk)
    {
        _receiving = false;
        if (_closed)
        {
            Discarded(chunk.Length);
            return;
        }

        if (chunk.IsEmpty)
        {
            (HasEnded, IsCut) = (true, life.Transport.Feature<ISaysEnd>() is { HasSaidEnd: false });
        }
        else
        {
            ReceivedTotal += chunk.Length;
            Hub.Sight.Tally.Received += chunk.Length;
            Throttle?.Spend(chunk.Length);
            _buffer.Append(chunk);
        }

        Deliver();
        Account();
    }

    /// <summary>The connection is over: frames already received are delivered, then the error.</summary>
    public void Fail(Exception error)
    {
        _failure ??= error;
        Deliver();
    }

    /// <summary>This side gave the connection up: what was not delivered is dropped.</summary>
    public void Close(Exception error)
    {
        (_closed, _resting) = (true, false);
        _buffer.Clear();
        Account();
        Fail(error);
    }

    /// <summary>Ends as if the peer had, at the next frame boundary.</summary>
    public void Drain()
    {
        _draining = true;
        Deliver();
    }

    /// <summary>All that was received and not consumed.</summary>
    public ReadOnlySequence<byte> Unread => _buffer.Unread;

    /// <summary>How many of the unread bytes are behind a position in the stream.</summary>
    public long UnreadBehind(long position) => Math.Min(ConsumedTotal + Buffered - position, Buffered);

    /// <summary>Takes what is before a position in the stream, as far as it is still there.</summary>
    public void ConsumeTo(long position) => _buffer.Advance((int)Math.Clamp(position - ConsumedTotal, 0, Buffered));

    /// <summary>Lets go of what was not read, and of what was asked for: what comes next is another transport's.</summary>
    public UnreadRest TakeRest()
    {
        MakeWay();
        _buffer.ShowAll();
        var rest = new UnreadRest(_buffer.Shown, _receiving, HasEnded);
        _buffer.Advance(_buffer.Length);
        (_receiving, HasEnded) = (false, false);
        Account();
        return rest;
    }

    /// <summary>Waits for the peer's end although nobody reads.</summary>
    public void AwaitEnd() => Receive();

    // However much it is: a reset would take our last bytes with it. But not as fast as it comes; that the peer ends is told at once all the same.
    private void Discarded(int count)
    {
        if (count == 0)
        {
            HasEnded = true;
        }
        else if (!IsOverForGood())
        {
            _resting = true;
            Hub.StartTimer(DiscardingPause, static i => ((Inbound)i!).Rested(), this);
        }
    }

    /// <summary>It may go on receiving.</summary>
    public void Rested()
    {
        _resting = false;
        Deliver();
        if (_closed)
        {
            Receive();
        }
    }

    protected override bool Serve(IReader reader)
    {
        if (_closed)
        {
            return End(reader, _failure);
        }

        if (_holds > 0)
        {
            return false;
        }

        if (TryGive(reader))
        {
            return true;
        }

        if (reader.Failure is { } error)
        {
            return End(reader, WithPeer(error));
        }

        if (_failure is not null || IsAtEnd(reader.IsOwed))
        {
            return EndOfInput(reader);
        }

        if (!reader.IsAhead)
        {
            _buffer.LetGoOfLargeArray();
        }

        Receive();
        return false;
    }

    protected override Exception Broken(Exception thrown)
    {
        life.Break(thrown);
        return _failure!;
    }

    // The end is told once: who reads on after it (Repeat) is refused, or would be told it for ever.
    private bool EndOfInput(IReader reader)
    {
        // A failure behind the peer's end takes nothing from an input that is whole.
        var error = HasEnded && !EndWasTold ? null : _failure;
        error ??= _buffer.Length > 0 || reader.IsOwed || (reader.TrustsEnd && IsCut && !EndWasTold) ? Truncated(reader) : null;
        if (error is null && EndWasTold)
        {
            error = new EndOfStreamException($"{connection} has ended: there is nothing more to read.");
        }

        EndWasTold = true;
        return End(reader, error);
    }

    private Exception WithPeer(Exception error)
    {
        (error as ProtocolException)?.EndPoint ??= connection.RemoteEndPoint;
        return error;
    }

    private TruncatedFrameException Truncated(IReader reader) =>
        new(reader.Taken + _buffer.Length, reader.Missing, IsCut) { EndPoint = connection.RemoteEndPoint };

    private void Receive()
    {
        if (_receiving || _resting || IsOverForGood())
        {
            return;
        }

        if (_closed)
        {
            _receiving = true;
            life.Transport.Discard();
        }
        else if (_buffer.Room(Present?.Missing ?? 0) is var room && (Throttle is null || Throttle.TryBound(room, out room)))
        {
            Receive(room);
        }
        else
        {
            _resting = true;
            Throttle!.Await();
        }
    }

    private void Receive(Memory<byte> room)
    {
        _receiving = true;
        Account();
        if (room.IsEmpty)
        {
            life.Transport.Receive();
        }
        else
        {
            life.Transport.Receive(room);
        }
    }

    private bool IsOverForGood() => HasEnded || life.IsReleased;
}
