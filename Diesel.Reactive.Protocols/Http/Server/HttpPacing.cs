namespace Diesel.Reactive.Protocols.Http;

/// <summary>Holds the input of a conversation while nobody wants what would come, and while the output has no room.</summary>
internal sealed class HttpPacing(HttpConversation conversation, Connection connection) : IDisposable
{
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
        if (!_isCrowded)
        {
            _isCrowded = true;
            connection.Room().Subscribe(_ => HasRoom(), static _ => { });
        }
    }

    public void Dispose()
    {
        _closed.Unregister();
        LetGo();
    }

    private void HasRoom()
    {
        _isCrowded = false;
        conversation.Settle();
    }

    private void Lost() =>
        conversation.Close(new ConnectionException($"{connection} was lost while a request was answered.", connection.RemoteEndPoint));
}
