namespace Diesel.Reactive.Protocols.Http;

/// <summary>The body of an answer that does not come as one piece, or is observed: what waits for its reader, and the reader.</summary>
internal sealed class HttpReplyFlow
{
    private readonly HttpReply _reply;
    private readonly HttpLink _link;
    private HttpReplyQueue _queue;
    private IObserver<ReadOnlyMemory<byte>>? _observer;
    private int _holds;
    private bool _isDelivering;

    public HttpReplyFlow(HttpReply reply, HttpLink link, ReadOnlyMemory<byte> first)
    {
        (_reply, _link) = (reply, link);
        _queue.Add(first);
    }

    public HttpHeaders Trailers { get; set; }

    /// <summary>The encoding that is to be undone; null: none.</summary>
    public string? Encoding { get; set; }

    /// <summary>Why there will be no more; null: there may be.</summary>
    public Exception? Error { get; private set; }

    public IObserver<ReadOnlyMemory<byte>>? Reader => _observer;

    /// <summary>Its reader has asked for a pause.</summary>
    public bool IsHeld => _holds > 0;

    /// <summary>Takes what there is, if it is in one piece.</summary>
    public bool TryTakeOnly(out ReadOnlyMemory<byte> body) => _queue.TryTakeOnly(out body);

    /// <summary>Some of it has come.</summary>
    public void Give(ReadOnlyMemory<byte> bytes)
    {
        if (_observer is { } observer && _queue.IsEmpty && _holds == 0 && !_isDelivering)
        {
            Tell(observer, bytes);
            return;
        }

        _queue.Add(bytes);
        if (_queue.Length > _link.Origin.Options.HighWaterMark)
        {
            _link.Pace.Hold();
        }
    }

    /// <summary>There will be no more of it.</summary>
    public void Fail(Exception error)
    {
        Error = error;
        Deliver();
    }

    /// <summary>Gives what there is to whoever wants it, and its end.</summary>
    public void Deliver()
    {
        if (_isDelivering)
        {
            return;
        }

        _isDelivering = true;
        while (_observer is { } observer && _holds == 0 && _queue.TryTake(out var bytes))
        {
            Tell(observer, bytes);
        }

        _isDelivering = false;
        if (_observer is { } last && _holds == 0)
        {
            GoOnOrEnd(last);
        }
    }

    public void ReadBy(IObserver<ReadOnlyMemory<byte>> observer)
    {
        _observer = observer;
        Deliver();
    }

    public void Hold() => _holds++;

    public void Release()
    {
        if (--_holds == 0)
        {
            Deliver();
        }
    }

    /// <summary>Nobody wants the rest.</summary>
    public void Leave() => (_observer, _holds, _queue) = (null, 0, default);

    private void Tell(IObserver<ReadOnlyMemory<byte>> observer, ReadOnlyMemory<byte> bytes)
    {
        if (!observer.TryTell(bytes, _link.Hub, _reply))
        {
            _reply.Leave(observer);
        }
    }

    private void GoOnOrEnd(IObserver<ReadOnlyMemory<byte>> observer)
    {
        if (_reply.IsWhole || Error is not null)
        {
            _observer = null;
            observer.TellEnd(Error, _link.Hub, _reply);
        }
        else
        {
            _link.Pace.LetGo();
        }
    }
}
