namespace Diesel.Reactive;

/// <summary>The way in: asks the transport below for bytes, and tells the handler of what they mean, when it asks.</summary>
internal sealed class TlsReading(TlsTransport transport, ITransport below, Hub hub, TlsInput input, TlsMemory memory)
{
    private readonly IReceivesAtOnce? _receivesAtOnce = below as IReceivesAtOnce;
    private ChunkRoom _room = new(memory.Plain);
    private bool _isWanted;
    private bool _isAsked;
    private bool _isReading;
    private bool _hasToldEnd;
    private bool _discards;

    // Of an end that has come all is read, to be told of it.
    private bool IsDue => transport.Phase == TlsPhase.Open && !_hasToldEnd && !_discards && (_isWanted || (input.HasEnded && input.Chunk.IsEmpty));

    public void Receive(Memory<byte> room)
    {
        _room.Give(room);
        _isWanted = true;
        if (transport.Phase != TlsPhase.Open || _isReading)
        {
            return;
        }

        if (input.MayHaveMore)
        {
            hub.Post(static r => ((TlsReading)r!).Read(), this);
        }
        else
        {
            Ask();
        }
    }

    /// <summary>Nobody wants more, but the end: no record is opened any more.</summary>
    public void Discard()
    {
        (_discards, _isWanted) = (true, true);
        input.Clear();
        if (input.HasEnded)
        {
            hub.Post(static r => ((TlsReading)r!).TellEnd(), this);
        }
        else
        {
            Ask();
        }
    }

    /// <summary>Asks the transport below for more, unless that was done.</summary>
    public void Ask()
    {
        if (_isAsked || input.HasEnded || transport.Phase == TlsPhase.Over)
        {
            return;
        }

        _isAsked = true;
        input.LetGoOfLargeArray();
        if (_discards)
        {
            below.Discard();
        }
        else if (_receivesAtOnce is not null && transport.Phase == TlsPhase.Open)
        {
            below.Receive(memory.Records);
        }
        else
        {
            below.Receive();
        }
    }

    /// <summary>The transport below has given a chunk; empty: its end.</summary>
    /// <returns>Whether it is TLS's.</returns>
    public bool TryTake(ReadOnlyMemory<byte> chunk)
    {
        _isAsked = false;
        if (transport.Phase == TlsPhase.Over)
        {
            return false;
        }

        if (_discards || transport.Phase == TlsPhase.Refused)
        {
            PassOn(chunk);
            return false;
        }

        input.Received(chunk);
        return true;
    }

    /// <summary>Reads as much as is asked for and there.</summary>
    public void Read()
    {
        if (_isReading || transport.Phase != TlsPhase.Open)
        {
            return;
        }

        _isReading = true;
        while (IsDue && TryRead())
        {
            if (_isWanted || input.IsAtEnd)
            {
                Deliver();
            }
        }

        _isReading = false;
        transport.Transmit();
        if (_isWanted && transport.Phase == TlsPhase.Open)
        {
            Ask();
        }
    }

    /// <summary>The connection has failed: what came before is told first, asked for or not, and so is the end.</summary>
    public void DeliverRest()
    {
        _isReading = true;
        while (transport.Phase == TlsPhase.Open && !_hasToldEnd && !_discards && TryRead())
        {
            Deliver();
        }
    }

    private bool TryRead()
    {
        try
        {
            return input.TryRead(ref _room);
        }
        catch (Exception error)
        {
            transport.Fail(error);
            return false;
        }
    }

    private void Deliver()
    {
        if (input.IsAtEnd)
        {
            TellEnd();
        }
        else
        {
            _isWanted = false;
            transport.Handler.OnReceived(input.TakeChunk());
        }
    }

    private void PassOn(ReadOnlyMemory<byte> chunk)
    {
        if (chunk.IsEmpty)
        {
            TellEnd();
        }
        else if (_isWanted)
        {
            _isWanted = false;
            transport.Handler.OnReceived(chunk);
        }
    }

    private void TellEnd()
    {
        if (!_hasToldEnd && transport.Phase != TlsPhase.Over)
        {
            (_hasToldEnd, _isWanted) = (true, false);
            transport.Handler.OnReceived(default);
        }
    }
}
