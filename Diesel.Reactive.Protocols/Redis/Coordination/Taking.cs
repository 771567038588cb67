namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Waiting for an item of a queue at a server.</summary>
internal sealed class Taking<T>(Consumers<T> consumers, bool waiting, TimeSpan timeout) : Awaitable<Delivery<T>>
{
    public override IDisposable Subscribe(IObserver<Delivery<T>> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return consumers.Enter(observer, waiting, timeout);
    }

    public override string ToString() => $"waiting for an item of {consumers}";
}
