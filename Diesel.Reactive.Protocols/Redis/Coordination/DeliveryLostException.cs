namespace Diesel.Reactive.Protocols.Redis;

/// <summary>An item was not its consumer's any more: the time was up, and it is, or was, somebody else's.</summary>
public sealed class DeliveryLostException : InvalidOperationException
{
    internal DeliveryLostException(string queue, string id, int count)
        : base($"Item {id} of {queue} is not this consumer's any more, which got it as delivery {count}: its time was up, or it was settled before. Renew it in time, or raise the visibility timeout.") =>
        (Id, Count) = (id, count);

    /// <summary>The item's.</summary>
    public string Id { get; }

    /// <summary>Which delivery it was, from 1.</summary>
    public int Count { get; }
}
