using System.Reactive;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A first-in, first-out queue for consumers of several programs: each item goes to one of them, at least once. Made by <see cref="RedisCoordination.Queue"/>.</summary>
/// <typeparam name="T">The items' type.</typeparam>
/// <remarks>
/// <para>An item is its consumer's until it is acknowledged, or <see cref="RedisQueueOptions.VisibilityTimeout"/> is over: then it goes to another, and says so. First deliveries are in
/// order. <b>Losing never consumes</b>: an item that comes for one who has left goes to the next here, else back at once. Consumers here are served in the order they came.</para>
/// <para>Nothing polls: the server tells when there is something, or is asked when it said that there would be.</para>
/// <para>Errors of a wait, besides the interface's: those of a command, when there was no connection for <see cref="RedisCoordinationOptions.RepeatFor"/>;
/// <see cref="ObjectDisposedException"/>. Scheduler: the hub.</para>
/// </remarks>
public sealed class RedisQueue<T> : IQueue<T>, IDisposable
{
    private const int MaxTaken = 1000;

    private readonly SharedObject _of;
    private readonly Outbox _puts;
    private readonly Outbox _settles;
    private readonly Consumers<T> _consumers;
    private readonly IValueCodec<T> _codec;

    internal RedisQueue(RedisCoordination owner, string name, RedisQueueOptions options, IValueCodec<T> codec)
    {
        (Options, _codec, _of) = (options, codec, new SharedObject(owner, "queue", name));
        var span = Reply.Milliseconds(options.VisibilityTimeout);
        _puts = new Outbox(_of, new Steps(_of, "put", _of.KeepFor, options.MaxLength, Reply.Milliseconds(options.RememberKeys)) { IsReplicated = owner.Options.WaitReplicas > 0 });
        _settles = new Outbox(_of, new Steps(_of, "settle", _of.KeepFor, span, options.MaxDeliveries, options.MaxDeadLetters));
        _consumers = new Consumers<T>(_of, new Steps(_of, "take", _of.KeepFor, span, options.MaxDeliveries, options.MaxDeadLetters), MaxTaken, Read, GiveBack);
    }

    /// <summary>What it does with its items.</summary>
    public RedisQueueOptions Options { get; }

    /// <summary>How many wait here. The hub's thread only.</summary>
    public int Waiters => _consumers.Count;

    internal Hub Hub => _of.Hub;

    internal TimeSpan Now => _of.Owner.Now;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Something put before has failed.</exception>
    /// <remarks>Sent in order, and repeated while its fate is not known: it is in the queue once. That there was no room, and what fails in the end, is in <see cref="RedisCoordination.Errors"/>.</remarks>
    public void Put(T item)
    {
        _of.ThrowIfFailed();
        _puts.Post(Words(item, "", default), reply =>
        {
            if (reply.IsNull)
            {
                _of.Fail(Full());
            }
        });
    }

    /// <summary>Puts an item at the end, and tells when it is there.</summary>
    /// <param name="item">Goes to one consumer.</param>
    /// <param name="key">Its own: one that was put with the same within <see cref="RedisQueueOptions.RememberKeys"/> is it, and it is not put again. Null: it has none.</param>
    /// <param name="delay">Not before that.</param>
    /// <returns>Its id; of one with a delay, its id until then. Cold.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is negative.</exception>
    /// <remarks>Errors: <see cref="QueueFullException"/>; <see cref="NotReplicatedException"/>; those of a command.</remarks>
    public Awaitable<string> PutAsync(T item, string? key = null, TimeSpan delay = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return _puts.Ask(Words(item, key ?? "", delay), reply => reply.IsNull ? throw Full() : reply.ToText());
    }

    /// <summary>Takes the item at the front; waits for one when there is none.</summary>
    /// <param name="waiting">False: <see cref="QueueEmptyException"/> instead of waiting.</param>
    /// <param name="timeout">Zero: now or never. Null: for ever.</param>
    /// <returns>Cold: each subscription and each <c>await</c> takes one item, in the order they came. Unsubscribed before, or losing a race, it takes nothing.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <remarks>Errors: as <see cref="Get"/>.</remarks>
    public Awaitable<Delivery<T>> Take(bool waiting = true, TimeSpan? timeout = null)
    {
        var span = timeout ?? Timeout.InfiniteTimeSpan;
        ArgumentOutOfRangeException.ThrowIfLessThan(span, span == Timeout.InfiniteTimeSpan ? span : TimeSpan.Zero, nameof(timeout));
        return new Taking<T>(_consumers, waiting, span);
    }

    /// <inheritdoc/>
    /// <remarks>The item is acknowledged when it is given: what becomes of it then is the caller's. Where that must not be lost, <see cref="Take"/> it.</remarks>
    public Awaitable<T> Get(bool waiting = true, TimeSpan? timeout = null) => Take(waiting, timeout).Select(static delivery =>
    {
        delivery.Ack();
        return delivery.Value;
    }).ToAwaitable($"waiting for an item of {_of}");

    /// <summary>Reads items that were handed out too often, the oldest first.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="after">Behind which; null: from the first.</param>
    /// <returns>Those that are kept. Cold.</returns>
    /// <remarks>Errors: as those of a command.</remarks>
    public Awaitable<IReadOnlyList<DeadLetter>> DeadLetters(int count = 100, StreamId? after = null) =>
        _of.Owner.Redis.Reads("XRANGE", LettersOf, $"{_of.Key}:dead", after is { } last ? $"({last}" : "-", "+", "COUNT", count);

    /// <summary>How many items nobody has acknowledged, those with a delay not counted.</summary>
    /// <returns>Their number. Cold.</returns>
    /// <remarks>Errors: as those of a command.</remarks>
    public Awaitable<long> Length() => _of.Owner.Redis.XLen(_of.Key);

    /// <summary>Ends what waits here; items stay at the server.</summary>
    public void Dispose() => _of.End(_consumers.Dispose);

    /// <summary>Which, as errors show it.</summary>
    public override string ToString() => _of.ToString();

    internal void Settle(Delivery<T> delivery, string what, TimeSpan delay, string error) => _settles.Post(Words(delivery, what, delay, error), reply =>
    {
        if (reply.ToInt64() == 0)
        {
            _of.Owner.Report(Lost(delivery));
        }
    });

    internal Awaitable<Unit> SettleAsync(Delivery<T> delivery, string what, TimeSpan delay, string error, Action done) => _settles.Ask(
        Words(delivery, what, delay, error), reply => reply.ToInt64() == 0 ? throw Lost(delivery) : Unit.Default, _ => done());

    private static DeadLetter LetterOf(RespValue entry)
    {
        var (id, fields) = StreamEntry.Read(entry) switch { var read => (read.Id, read.Fields.ToDictionary(static pair => pair.Key.ToText(), static pair => pair.Value)) };
        return new(id, fields["id"].ToText(), fields["v"], (int)fields["count"].ToInt64(), fields["error"].ToText());
    }

    private static readonly Func<RespValue, IReadOnlyList<DeadLetter>> LettersOf = Reply.ListOf(LetterOf);

    // Most often it is the id alone: it is done, at its first delivery.
    private static Bytes[] Words(Delivery<T> delivery, string what, TimeSpan delay, string error) =>
        [what == "a" && delivery.Count == 1 ? delivery.Id : $"{what} {delivery.Count} {Reply.Milliseconds(delay)} {delivery.Id} {error}"];

    private Bytes[] Words(T item, string key, TimeSpan delay) => [_codec.Encode(item), key, Reply.Milliseconds(delay)];

    private DeliveryLostException Lost(Delivery<T> delivery) => new(ToString(), delivery.Id, delivery.Count);

    private QueueFullException Full() => new(ToString(), Options.MaxLength, $"Raise {nameof(RedisQueueOptions.MaxLength)}, or put less.");

    // Null: it is no item, and was refused.
    private Delivery<T>? Read(RespValue item, TimeSpan asked)
    {
        var parts = item.ToItems();
        var (id, count) = (parts[0].ToText(), (int)parts[1].ToInt64());
        try
        {
            return new Delivery<T>(this, id, count, _codec.Read(parts[2].ToBytes()), asked + Options.VisibilityTimeout);
        }
        catch (Exception wrong)
        {
            var error = new ProtocolException($"Item {id} of {this} is no {typeof(T)}: {wrong.Message}", wrong);
            _of.Owner.Report(error);
            Settle(new Delivery<T>(this, id, count, default!, default), "n", Options.VisibilityTimeout, error.Message);
            return null;
        }
    }

    private void GiveBack(Delivery<T> delivery) => _settles.Post(Words(delivery, "x", default, ""), static _ => { });
}
