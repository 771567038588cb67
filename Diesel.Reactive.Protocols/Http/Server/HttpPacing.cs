namespace Diesel.Reactive.Protocols.Http;

/// <summary>Holds the input of a conversation while nobody wants what would come, and while the output has no room.</summary>
internal sealed class HttpPacing(HttpConversation conversation, Connection connection, HttpServiceOptions options) : IDisposable
{
    private IDisposable? _rate;
    private IDisposable? _hold;
    private CancellationTokenRegistration _closed;
    private bool _isCrowded;

    // Held, the input does not tell that the connection is lost.
    public void Hold()
    {
        _hold ??= connection.Pause();
        if (_closed == default)
        {
            _closed = connection.Closed.UnsafeRegister(static s => ((HttpPacing)s!).Lost(), this);
        }
    }

    public void LetGo()
    {
        var hold = _hold;
        _hold = null;
        hold?.Dispose();
    }

    /// <summary>Waits until the peer has taken most of what is queued for it.</summary>
    public void AwaitRoom()
    {
        Hold();
        Crowded();
    }

    /// <summary>Much waits for the peer: it is to take that at a rate.</summary>
    public void Crowded()
    {
        if (!_isCrowded)
        {
            _isCrowded = true;
            AskRate();
            connection.Room().Subscribe(_ => HasRoom(), static _ => { });
        }
    }

    /// <summary>The connection ends, and what waits is still to be taken at a rate.</summary>
    public void AskRate()
    {
        if (options.MinimumWriteRate > 0)
        {
            _rate ??= connection.Require(options.MinimumWriteRate, options.MinimumRateGrace, Direction.Output);
        }
    }

    /// <summary>Nothing is asked any more: what goes out is another protocol's.</summary>
    public void EndRate()
    {
        _rate?.Dispose();
        _rate = null;
    }

    public void Dispose()
    {
        _closed.Unregister();
        LetGo();
    }

    private void HasRoom()
    {
        _isCrowded = false;
        if (!conversation.IsOver)
        {
            EndRate();
            conversation.Settle();
        }
    }

    private void Lost() =>
        conversation.Close(new ConnectionException($"{connection} was lost while a request was answered.", connection.RemoteEndPoint));
}
