namespace Diesel.Reactive.Protocols.Http;

/// <summary>Makes messages of a peer's frames, for the one who reads. While nobody does, the first frame of data is kept, and the connection held.</summary>
/// <remarks>On the hub. What of a message has come stays for the next reader, if its reader leaves.</remarks>
internal sealed class WebSocketInput : IObserver<WebSocketFrame>, IDisposable
{
    private readonly WebSocketLife _life;
    private readonly Connection _connection;
    private readonly WebSocketAssembly _assembly;
    private WebSocketReading? _reader;
    private IDisposable? _reading;
    private IDisposable? _hold;
    private int _holds;

    // A frame that nobody has taken yet.
    private WebSocketFrame _kept;
    private bool _isKept;

    // This side closes, and nobody wants what comes until the peer's Close.
    private bool _drops;

    // How it ended: with an error, or else in order.
    private Exception? _error;
    private bool _endWasTold;

    public WebSocketInput(WebSocketLife life, Connection connection, WebSocketOptions options, DeflateAgreement? agreed)
    {
        (_life, _connection) = (life, connection);
        _assembly = new WebSocketAssembly(life, this, options, agreed);
    }

    /// <summary>Nothing more comes.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Who reads, if it takes what there is; null: nobody does.</summary>
    public WebSocketReading? Taker => _holds == 0 && !IsOver && _reader is { HasLeft: false } reader ? reader : null;

    /// <summary>The peer is not heard, as nobody takes what it has sent.</summary>
    public bool IsHeld => _hold is not null;

    /// <summary>Something has come since this was set to false.</summary>
    public bool HasHeard { get; set; }

    public void Begin(Framing<WebSocketFrame> framing) => _reading = _connection.Decode(framing).Subscribe(this);

    public void OnNext(WebSocketFrame value)
    {
        HasHeard = true;
        if (IsOver)
        {
            return;
        }

        if (value.IsControl)
        {
            _life.Control(value);
        }
        else if (Taker is not null)
        {
            Take(value);
        }
        else if (!_drops || _reader is { HasLeft: false })
        {
            (_kept, _isKept) = (value, true);
        }

        Settle();
    }

    public void OnError(Exception error) => _life.Lost(error);

    public void OnCompleted() => _life.Ended();

    /// <summary>Attaches a reader; a second one is refused, and one behind the end is told so.</summary>
    public void Attach(WebSocketReading reader)
    {
        var refusal = _reader is { HasLeft: false } ? new InvalidOperationException($"{_life} has a reader. Share it between observers with Share().")
            : (IsOver && _endWasTold) || _drops ? new EndOfStreamException($"{_life} has ended.")
            : _assembly.WasGivenInParts && !reader.TakesParts && !IsOver ? new InvalidOperationException($"Some of a message of {_life} was read in parts: read the rest of it so.")
            : (Exception?)null;
        if (refusal is not null)
        {
            reader.Fail(refusal);
            return;
        }

        _reader = reader;
        if (IsOver || _isKept || _assembly.IsInflating)
        {
            // In a turn of its own: who subscribes may want one message only, and must hold the subscription to say so.
            _life.Hub.Post(static input => ((WebSocketInput)input!).GoOn(), this);
        }
    }

    /// <summary>Who reads one message is gone before it has it: what it triggers may read on.</summary>
    public void DetachOneShot(WebSocketReading reader)
    {
        if (reader.IsOneShot)
        {
            _reader = null;
        }
    }

    public void Leave(WebSocketReading reader)
    {
        if (!_life.Hub.IsCurrent)
        {
            _life.Hub.Post(_ => Leave(reader));
        }
        else if (_reader == reader)
        {
            _reader = null;
            DropUnwanted();
        }
    }

    public void Hold()
    {
        _holds++;
        Settle();
    }

    public void Release()
    {
        _holds--;
        GoOn();
    }

    /// <summary>This side closes: what nobody wants is not kept.</summary>
    public void Drop()
    {
        _drops = true;
        DropUnwanted();
    }

    /// <summary>Nothing more comes; null: it has ended in order.</summary>
    public void End(Exception? error)
    {
        if (!IsOver)
        {
            (IsOver, _error) = (true, error);
            TellEnd();
            Settle();
        }
    }

    /// <summary>Reads no more.</summary>
    public void Dispose()
    {
        _reading?.Dispose();
        _assembly.Dispose();
        _hold?.Dispose();
        _hold = null;
    }

    private void DropUnwanted()
    {
        if (_drops && _reader is not { HasLeft: false })
        {
            (_kept, _isKept) = (default, false);
            _assembly.Drop();
            Settle();
        }
    }

    private void GoOn()
    {
        Take(null);
        if (_isKept && !_assembly.IsInflating && Taker is not null)
        {
            var frame = _kept;
            (_kept, _isKept) = (default, false);
            Take(frame);
        }

        TellEnd();
        Settle();
    }

    // Null: the rest of the one before.
    private void Take(WebSocketFrame? frame)
    {
        try
        {
            if (frame is { } whole)
            {
                _assembly.Take(whole);
            }
            else
            {
                _assembly.GoOn();
            }
        }
        catch (Exception error)
        {
            // Whoever reads is the user's: what it throws ends its WebSocket, and says so to the peer.
            _reader = null;
            _life.Break(error);
        }
    }

    private void TellEnd()
    {
        if (IsOver && !_endWasTold && _reader is { HasLeft: false } reader)
        {
            _endWasTold = true;
            _reader = null;
            Tell(reader);
        }
    }

    private void Tell(WebSocketReading reader)
    {
        try
        {
            if (_error is null)
            {
                reader.Complete();
            }
            else
            {
                reader.Fail(_error);
            }
        }
        catch (Exception thrown)
        {
            // Who has no place for an error gives it back, and it is no other for that.
            if (thrown != _error)
            {
                _life.Hub.Report(thrown, _life.ToString());
            }
        }
    }

    // The connection is held while something is kept here, or somebody holds it.
    private void Settle()
    {
        var holds = (_isKept || _assembly.IsInflating || _holds > 0) && !IsOver;
        if (holds)
        {
            _hold ??= _connection.Pause();
        }
        else if (_hold is { } hold)
        {
            _hold = null;
            hold.Dispose();
        }
    }
}
