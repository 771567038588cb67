namespace Diesel.Reactive;

/// <summary>Exchanges at work: what is still to be said is, as the transport takes it, and what came is read until all is agreed.</summary>
/// <param name="below">The transport, started.</param>
internal sealed class Negotiation(ITransport below)
{
    private FrameBuffer _unread;
    private FrameDecoding<Exchange?> _answer;
    private Exchange? _exchange;
    private ReadOnlyMemory<byte> _unsaid;
    private bool _asked;
    private bool _ended;

    /// <summary>Nothing follows; the bytes behind are somebody else's.</summary>
    public bool IsDone { get; private set; }

    /// <summary>What came behind the last answer.</summary>
    public UnreadRest TakeRest()
    {
        _unread.ShowAll();
        var rest = new UnreadRest(_unread.Shown, _asked, _ended);
        _unread.Clear();
        return rest;
    }

    /// <exception cref="Exception">The two cannot agree; so of the others.</exception>
    public void Begin(Exchange exchange)
    {
        (_exchange, _unsaid) = (exchange, exchange.Said);
        if (exchange.Answer is { } answer)
        {
            _answer = new FrameDecoding<Exchange?>(answer, repeats: false);
        }

        Say();
    }

    public void Received(ReadOnlyMemory<byte> chunk)
    {
        _asked = false;
        _ended |= chunk.IsEmpty;
        _unread.Append(chunk);
        if (_unsaid.IsEmpty)
        {
            Listen();
        }
    }

    public void Written(int sent)
    {
        _unsaid = _unsaid[sent..];
        Say();
    }

    private void Say()
    {
        if (!_unsaid.IsEmpty)
        {
            _unsaid = _unsaid[below.Send(_unsaid.Span)..];
        }

        if (_unsaid.IsEmpty)
        {
            Listen();
        }
    }

    private void Listen()
    {
        if (_exchange!.Answer is null)
        {
            IsDone = true;
        }
        else if (_answer.TryDecode(ref _unread, _ended, out var next))
        {
            GoOn(next);
        }
        else if (_answer.Failure is { } failure)
        {
            throw failure;
        }
        else if (_ended)
        {
            throw new TruncatedFrameException(_unread.Length);
        }
        else if (!_asked)
        {
            _asked = true;
            below.Receive();
        }
    }

    private void GoOn(Exchange? next)
    {
        if (next is null)
        {
            IsDone = true;
        }
        else
        {
            Begin(next);
        }
    }
}
