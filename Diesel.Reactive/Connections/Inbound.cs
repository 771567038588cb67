namespace Diesel.Reactive;

/// <summary>The input side of a connection: buffer, the one reader, holds, and the loop that delivers.</summary>
/// <remarks>Delivery is a loop, never recursion: what a frame triggers (the next read, a send) returns here.</remarks>
internal sealed class Inbound
{
    private static readonly Action<object?> DeliverPosted = static input => ((Inbound)input!).Deliver();

    private readonly Connection _connection;
    private readonly ConnectionLife _life;
    private FrameBuffer _buffer;
    private Exception? _failure;
    private Exception? _decodeError;
    private int _holds;
    private bool _receiving;
    private bool _ended;
    private bool _closed;
    private bool _draining;
    private bool _endWasTold;

    public Inbound(Connection connection, ConnectionLife life)
    {
        (_connection, _life) = (connection, life);
        Readers = new ReaderSlot(connection, this);
    }

    /// <summary>Who reads.</summary>
    public ReaderSlot Readers { get; }

    public long ConsumedTotal => _buffer.ConsumedTotal;

    public Connection Connection => _connection;

    public long ReceivedTotal { get; private set; }

    /// <summary>A reader has part of a frame and waits for the rest.</summary>
    public bool IsMidFrame => Readers.Reader is not null && _holds == 0 && _receiving && _buffer.Length > 0;

    /// <summary>Whether a frame is being delivered now: what is sent meanwhile is a reply to this input.</summary>
    public bool IsDelivering { get; private set; }

    /// <summary>The peer has ended, or this side has stopped asking for more.</summary>
    public bool IsEnding => _ended || _draining;

    public bool HasReader => Readers.Reader is not null;

    /// <summary>Whether the present thread may take a frame from the buffer without attaching.</summary>
    public bool CanTake => Readers.Reader is null && _holds == 0 && _buffer.Length > 0 && _connection.Hub.IsCurrent;

    private bool IsOver => _ended || _failure is not null || (_draining && _buffer.Length == 0);

    public override string ToString() => _connection.ToString();

    /// <summary>One attempt at a frame; what the decoder throws is kept for the reader.</summary>
    public bool TryDecode<T>(Decoder<T> decoder, out T frame)
    {
        try
        {
            var found = decoder.TryDecode(_buffer.Unread, out frame, out var consumed);
            if (consumed > 0)
            {
                _buffer.Advance(consumed);
            }

            return found;
        }
        catch (Exception error)
        {
            if (error is ProtocolException protocol)
            {
                protocol.EndPoint ??= _connection.RemoteEndPoint;
            }

            _decodeError = error;
            frame = default!;
            return false;
        }
    }

    /// <summary>The reader will not go on with this framing; it gets the error.</summary>
    public void Refuse(Exception error) => _decodeError = error;

    public void Hold() => _holds++;

    public void Release()
    {
        if (--_holds == 0)
        {
            Deliver();
        }
    }

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
            _ended = true;
            if (Readers.Reader is null)
            {
                _life.EndedUnseen();
            }
        }
        else
        {
            ReceivedTotal += chunk.Length;
            _buffer.Append(chunk);
        }

        Deliver();
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
        _closed = true;
        _buffer.Clear();
        Fail(error);
    }

    /// <summary>Ends as if the peer had, at the next frame boundary.</summary>
    public void Drain()
    {
        _draining = true;
        Deliver();
    }

    /// <summary>Waits for the peer's end although nobody reads.</summary>
    public void AwaitEnd() => Receive();

    // However much it is: a reset would take our last bytes with it. What bounds it is the deadline of the close.
    private void Discarded(int count)
    {
        if (count == 0)
        {
            _ended = true;
        }
        else
        {
            Receive();
        }
    }

    /// <summary>Delivers frames until there is no reader, a hold, or not enough bytes.</summary>
    public void Deliver()
    {
        if (IsDelivering)
        {
            return;
        }

        IsDelivering = true;
        try
        {
            while (Readers.Reader is { } reader && (_holds == 0 || _closed) && Step(reader))
            {
            }
        }
        finally
        {
            IsDelivering = false;
        }
    }

    /// <summary>A reader came.</summary>
    public void Attached(IReader reader)
    {
        if (reader.IsStream && !IsDelivering)
        {
            _connection.Hub.Post(DeliverPosted, this);
        }
        else
        {
            Deliver();
        }
    }

    private bool Step(IReader reader)
    {
        if (_closed)
        {
            return End(reader, _failure!);
        }

        if (Frame(reader))
        {
            return true;
        }

        if (_decodeError is { } error)
        {
            return End(reader, error);
        }

        if (IsOver)
        {
            return EndOfInput(reader);
        }

        _buffer.LetGoOfLargeArray();
        Receive();
        return false;
    }

    // The end is told once: who reads on after it (Repeat) is refused, or would be told it for ever.
    private bool EndOfInput(IReader reader)
    {
        var error = _failure ?? (_buffer.Length > 0 ? Truncated() : null);
        if (error is null && _endWasTold)
        {
            error = new EndOfStreamException($"{_connection} has ended: there is nothing more to read.");
        }

        _endWasTold = true;
        return End(reader, error);
    }

    // Who reads on when told the end, or an error (Retry), is served in a later turn: it may do so without limit.
    private bool End(IReader reader, Exception? error)
    {
        Readers.End(reader, error);
        if (HasReader)
        {
            _connection.Hub.Post(DeliverPosted, this);
        }

        return false;
    }

    // What the decoder throws is the reader's OnError; what the reader's observer throws ends the connection.
    private bool Frame(IReader reader)
    {
        _decodeError = null;
        try
        {
            if (reader.TryDeliver())
            {
                return true;
            }
        }
        catch (Exception error)
        {
            Readers.Detach(reader);
            _life.Break(error);
            return true;
        }

        return false;
    }

    private TruncatedFrameException Truncated() => new(_buffer.Length) { EndPoint = _connection.RemoteEndPoint };

    private void Receive()
    {
        if (!_receiving && !IsOverForGood())
        {
            _receiving = true;
            _life.Transport.Receive();
        }
    }

    private bool IsOverForGood() => _ended || _life.IsReleased;
}
