using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>The body of the request under way: who reads it, and what becomes of one that nobody reads.</summary>
internal sealed class HttpIncoming(HttpWork work, HttpServer server)
{
    private static readonly ReadOnlyMemory<byte> Continue = "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray();

    private IObserver<ReadOnlyMemory<byte>>? _observer;
    private IDisposable? _rate;
    private long _drained;
    private bool _isTaken;
    private bool _isContinued;
    private bool _isRateAsked;

    /// <summary>Somebody reads it.</summary>
    public bool IsRead => _observer is not null;

    private HttpConversation Conversation => work.Conversation;

    /// <summary>Whether another request can follow: somebody reads it, or it is short and on its way.</summary>
    public bool CanBePassed(HttpRequest request) => _observer is not null
        || ((_isContinued || !request.Head.ExpectsContinue) && request.Head.Body.Count <= server.Options.MaxUnreadBody);

    /// <summary>The next request begins.</summary>
    public void Begin()
    {
        if (_isTaken || _isRateAsked || _drained > 0)
        {
            (_observer, _drained, _isTaken, _isContinued, _isRateAsked) = (null, 0, false, false, false);
        }
    }

    /// <summary>Nobody can read the body of a request that was answered; one that had none is empty.</summary>
    public static IDisposable RefuseLate(HttpRequest request, IObserver<ReadOnlyMemory<byte>> observer)
    {
        if (request.Head.Body.IsEmpty)
        {
            observer.OnCompleted();
        }
        else
        {
            observer.OnError(new InvalidOperationException($"The body of {request} is over: read it before the request is answered."));
        }

        return Disposable.Empty;
    }

    public IDisposable Read(HttpRequest request, IObserver<ReadOnlyMemory<byte>> observer)
    {
        if (request.Head.Body.IsEmpty || (_drained > 0 && !_isTaken))
        {
            return RefuseLate(request, observer);
        }

        if (_isTaken)
        {
            observer.OnError(new InvalidOperationException($"The body of {request} has a subscriber, or had one, and can be read once. Share it between observers with Share()."));
            return Disposable.Empty;
        }

        (_observer, _isTaken) = (observer, true);
        if (request.Head.ExpectsContinue && work.Reader.BodyRead == 0 && work.Exchange.Server == HttpState.SendResponse)
        {
            _isContinued = true;
            Conversation.Connection.OnNext(Continue);
        }

        Conversation.Settle();
        return Disposable.Create((this, observer), static s => s.Item1.Leave(s.observer));
    }

    /// <summary>Some of it has come.</summary>
    public void Give(ReadOnlyMemory<byte> bytes)
    {
        if (_observer is not null)
        {
            GiveObserver(bytes);
        }
        else if ((_drained += bytes.Length) > server.Options.MaxUnreadBody)
        {
            Conversation.Close(null);
        }
    }

    /// <summary>It is over; null: it is whole.</summary>
    public void End(Exception? error)
    {
        _rate?.Dispose();
        _rate = null;
        var observer = _observer;
        _observer = null;
        if (error is null)
        {
            observer?.OnCompleted();
        }
        else
        {
            observer?.OnError(error);
        }
    }

    /// <summary>It is waited for. Those that came with their heads are over when the turn ends, and are not watched.</summary>
    public void Awaited()
    {
        if (!_isRateAsked && server.Options.MinimumRate > 0)
        {
            _isRateAsked = true;
            Conversation.Hub.AtTurnEnd(static incoming => ((HttpIncoming)incoming!).AskRate(), this);
        }
    }

    // Who throws ends the connection, and is not told of that as well.
    private void GiveObserver(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            _observer!.OnNext(bytes);
        }
        catch
        {
            _observer = null;
            throw;
        }
    }

    private void AskRate()
    {
        if (_isRateAsked && Conversation is { IsOver: false, IsRequestWhole: false } conversation)
        {
            _rate ??= conversation.Connection.Require(server.Options.MinimumRate, server.Options.MinimumRateGrace, Direction.Input, slow => conversation.Refuse(
                new HttpRefusedException(408, "RFC 9110 §15.5.9", $"The body came at {slow.BytesPerSecond:0} bytes per second, below {slow.Required}")));
        }
    }

    private void Leave(IObserver<ReadOnlyMemory<byte>> observer)
    {
        if (!Conversation.Hub.IsCurrent)
        {
            Conversation.Hub.Post(_ => Leave(observer));
        }
        else if (_observer == observer)
        {
            _observer = null;
            Conversation.Settle();
        }
    }
}
