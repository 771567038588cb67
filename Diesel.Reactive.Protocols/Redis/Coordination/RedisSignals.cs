using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Of-the-moment events by name, for all programs that share a prefix. Made by <see cref="RedisCoordination.Signals"/>.</summary>
/// <remarks>
/// <para>Those of a program and topic come in the order they were fired. Weaker than <see cref="Diesel.Reactive.Signals"/>: at most once, and what is fired before the
/// server has confirmed a wait, or while there is no connection, is lost; <see cref="Gaps"/> tells. Topics are told apart by name and type, as .NET writes it.</para>
/// <para>Errors of a wait, besides the interface's: <see cref="ConnectionException"/> when there was no connection for
/// <see cref="ProtocolOptions.MaxReconnectTime"/>; <see cref="RedisErrorException"/>; it ends with its <see cref="RedisCoordination"/>.</para>
/// </remarks>
public sealed class RedisSignals : ISignals
{
    private readonly RedisCoordination _owner;
    private readonly Subject<Gap> _gaps = new();
    private DateTimeOffset _lastGap;

    internal RedisSignals(RedisCoordination owner) => _owner = owner;

    /// <summary>Told when the connection was lost and is back: what was fired meanwhile did not arrive. Nothing is told while nobody waits.</summary>
    public IObservable<Gap> Gaps => _gaps.AsObservable();

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="topic"/> is null.</exception>
    /// <remarks>Not repeated: what fails is in <see cref="RedisCoordination.Errors"/>.</remarks>
    public void Fire<T>(Topic<T> topic, T value) => FireAsync(topic, value).Subscribe(static _ => { }, error => _owner.Hub.Within(() => _owner.Report(error)));

    /// <summary>Gives a value to everyone who waits for the topic now, and tells how many did.</summary>
    /// <typeparam name="T">What is fired.</typeparam>
    /// <param name="topic">What it is fired under.</param>
    /// <param name="value">The same for all.</param>
    /// <returns>How many programs got it from the server asked: a lower bound, as in a cluster replicas have listeners of their own. Cold.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="topic"/> is null.</exception>
    /// <remarks>Errors: as those of a command.</remarks>
    public Awaitable<long> FireAsync<T>(Topic<T> topic, T value) => _owner.Redis.SPublish(ChannelOf(topic), _owner.CodecOf<T>().Encode(value));

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="topic"/> is null.</exception>
    public Awaitable<T> Wait<T>(Topic<T> topic, TimeSpan? timeout = null)
    {
        var span = timeout ?? Timeout.InfiniteTimeSpan;
        ArgumentOutOfRangeException.ThrowIfLessThan(span, span == Timeout.InfiniteTimeSpan ? span : TimeSpan.Zero, nameof(timeout));
        return On(topic).ToAwaitable($"waiting for signal '{topic.Name}'").Timeout(
            span, _ => new TimeoutException($"Signal '{topic.Name}' was not fired within {span}. Only what is fired while one waits counts."), _owner.Hub);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="topic"/> is null.</exception>
    /// <remarks>Unlike a local one it fails with its connection, and completes with its <see cref="RedisCoordination"/>.</remarks>
    public IObservable<T> On<T>(Topic<T> topic)
    {
        var (channel, codec) = (ChannelOf(topic), _owner.CodecOf<T>());
        return Observable.Create<T>(observer =>
        {
            var messages = _owner.Subscriptions.Shards(channel);
            return new CompositeDisposable(
                messages.Gaps.Subscribe(Tell),
                messages.Subscribe(message => Pass(message, codec, observer), observer.OnError, observer.OnCompleted));
        });
    }

    /// <summary>Whose.</summary>
    public override string ToString() => $"the signals of '{_owner.Prefix}'";

    private string ChannelOf<T>(Topic<T> topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return $"{{{_owner.Prefix}:signals:{topic.Name}}}:{typeof(T)}";
    }

    private void Tell(Gap gap)
    {
        if (gap.From != _lastGap)
        {
            _lastGap = gap.From;
            _gaps.OnNext(gap);
        }
    }

    // What is no value of its type was fired by somebody else's program.
    private void Pass<T>(RedisMessage message, IValueCodec<T> codec, IObserver<T> observer)
    {
        T value;
        try
        {
            value = codec.Read(message.Payload);
        }
        catch (Exception wrong)
        {
            _owner.Report(new ProtocolException($"On {message.Channel} came what is no {typeof(T)}: {wrong.Message}", wrong));
            return;
        }

        observer.OnNext(value);
    }
}
