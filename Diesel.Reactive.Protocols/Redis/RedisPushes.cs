namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What lives by a connection: subscriptions, what is tracked. Called on the hub.</summary>
internal interface IRedisListener
{
    /// <summary>There is a connection, and no call has been sent over it.</summary>
    void Begun();

    /// <summary>The server has said something unasked.</summary>
    void Pushed(RespValue push);

    /// <summary>The connection is over.</summary>
    void Lost();

    /// <summary>The server has slots no more that it had: what happens there it does not tell.</summary>
    void SlotsLeft()
    {
    }
}

/// <summary>Tells those who live by a client's connections what happens to them.</summary>
internal sealed class RedisPushes : IObserver<RespValue>
{
    private IRedisListener[] _listeners = [];

    /// <summary>Adds one. The hub's thread only.</summary>
    public void Add(IRedisListener listener) => _listeners = [.. _listeners, listener];

    public void Remove(IRedisListener listener) => _listeners = [.. _listeners.Where(other => other != listener)];

    public void Begin() => Array.ForEach(_listeners, static listener => listener.Begun());

    public void OnNext(RespValue value)
    {
        foreach (var listener in _listeners)
        {
            listener.Pushed(value);
        }
    }

    public void SlotsLeft() => Array.ForEach(_listeners, static listener => listener.SlotsLeft());

    public void OnError(Exception error) => OnCompleted();

    public void OnCompleted() => Array.ForEach(_listeners, static listener => listener.Lost());
}
