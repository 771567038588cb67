using System.Reactive;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>An item that was handed out, the consumer's until it is acknowledged or the queue's <see cref="RedisQueueOptions.VisibilityTimeout"/> is over.</summary>
/// <typeparam name="T">The item's type.</typeparam>
/// <remarks>Members may be called from any thread. What is asked of an item that is not the consumer's any more fails with <see cref="DeliveryLostException"/>.</remarks>
public sealed class Delivery<T>
{
    private readonly RedisQueue<T> _queue;
    private readonly CancellationTokenSource _lost = new();
    private Loop? _renewing;
    private TimeSpan _validUntil;

    internal Delivery(RedisQueue<T> queue, string id, int count, T value, TimeSpan validUntil) =>
        (_queue, Id, Count, Value, _validUntil) = (queue, id, count, value, validUntil);

    /// <summary>The item.</summary>
    public T Value { get; }

    /// <summary>The item's, as its put was told.</summary>
    public string Id { get; }

    /// <summary>How often it was handed out, from 1.</summary>
    public int Count { get; }

    /// <summary>Whether it was handed out before: then somebody may have done part of the work.</summary>
    public bool IsRedelivered => Count > 1;

    /// <summary>Cancelled, on the hub, when <see cref="KeepRenewing"/> finds that it is the consumer's no more, before another gets it.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>It is done: nobody gets it again. Sent in order, and repeated; what fails in the end is in <see cref="RedisCoordination.Errors"/>.</summary>
    public void Ack() => Settle("a", default, "");

    /// <summary>It is done, and tells when the server knows.</summary>
    /// <returns>One value. Cold.</returns>
    /// <remarks>Errors: <see cref="DeliveryLostException"/>; those of a command.</remarks>
    public Awaitable<Unit> AckAsync() => SettleAsync("a", default, "");

    /// <summary>It failed: somebody gets it again, or it is a dead letter when that happened <see cref="RedisQueueOptions.MaxDeliveries"/> times. As <see cref="Ack"/> in all else.</summary>
    /// <param name="delay">Not before that.</param>
    /// <param name="error">Why, for the dead letter.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is negative.</exception>
    public void Nack(TimeSpan delay = default, string? error = null) => Settle("n", NotNegative(delay), error ?? "");

    /// <summary>It failed, and tells when the server knows.</summary>
    /// <param name="delay">Not before that.</param>
    /// <param name="error">Why, for the dead letter.</param>
    /// <returns>One value. Cold.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is negative.</exception>
    /// <remarks>Errors: <see cref="DeliveryLostException"/>; those of a command.</remarks>
    public Awaitable<Unit> NackAsync(TimeSpan delay = default, string? error = null) => SettleAsync("n", NotNegative(delay), error ?? "");

    /// <summary>It is the consumer's for another visibility timeout from now.</summary>
    /// <returns>One value. Cold.</returns>
    /// <remarks>Errors: <see cref="DeliveryLostException"/>; those of a command.</remarks>
    public Awaitable<Unit> Renew() => Observable.Defer(() =>
    {
        var sent = _queue.Now;
        return SettleAsync("r", default, "").Do(_ => _validUntil = sent + _queue.Options.VisibilityTimeout);
    }).ToAwaitable($"renewing {this}");

    /// <summary>Renews it at each third of the visibility timeout, by the hub's timer, until the result is disposed, it is settled or <see cref="Lost"/>: a hub that was late
    /// counts that, too.</summary>
    /// <returns>Ends it.</returns>
    public IDisposable KeepRenewing() => _renewing = _renewing is { IsRunning: true } ? _renewing : _queue.Hub.Fork(Keep, $"renewing {this}");

    /// <summary>Which it is.</summary>
    public override string ToString() => $"item {Id} of {_queue}, delivery {Count}";

    /// <summary>It is not the consumer's any more. The hub's thread only.</summary>
    internal void Lose()
    {
        try
        {
            _lost.Cancel();
        }
        catch (AggregateException thrown)
        {
            _queue.Hub.Report(thrown, ToString());
        }

        _renewing?.Dispose();
    }

    private void Settle(string what, TimeSpan delay, string error)
    {
        _renewing?.Dispose();
        _queue.Settle(this, what, delay, error);
    }

    private Awaitable<Unit> SettleAsync(string what, TimeSpan delay, string error) => _queue.SettleAsync(this, what, delay, error, () =>
    {
        if (what != "r")
        {
            _renewing?.Dispose();
        }
    });

    private async Task Keep()
    {
        var span = _queue.Options.VisibilityTimeout;
        while (true)
        {
            var spare = _validUntil - _queue.Now;
            if (spare <= TimeSpan.Zero)
            {
                Lose();
                return;
            }

            await _queue.Hub.Sleep(spare < span / 3 ? spare : span / 3);
            if (_validUntil - _queue.Now is var rest && rest > TimeSpan.Zero)
            {
                await TryRenew(rest);
            }
        }
    }

    private async Task TryRenew(TimeSpan limit)
    {
        try
        {
            await Renew().Timeout(limit, _queue.Hub);
        }
        catch (DeliveryLostException)
        {
            _validUntil = TimeSpan.Zero;
        }
        catch (Exception failure) when (failure is IOException or TimeoutException or RedisErrorException or ProtocolException or InvalidOperationException)
        {
            // Its time goes on; there may be some left to try again.
        }
    }

    private static TimeSpan NotNegative(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return delay;
    }
}
