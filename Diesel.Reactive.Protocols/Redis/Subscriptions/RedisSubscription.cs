using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What is published, for whoever subscribes. Made by <see cref="RedisSubHub"/>.</summary>
/// <typeparam name="T">What an observer gets.</typeparam>
/// <remarks>
/// <para>Nothing is asked of the server before <c>Subscribe</c>; the last who leaves ends it there. Messages of a channel come in the order the server
/// sent them, on the hub. Nothing waits for an observer: who takes its time reads with <c>ToInbox</c> or <c>ReadAllAsync</c>, which have a bound and say
/// what happens past it.</para>
/// <para>Errors: <see cref="RedisErrorException"/> (the server said no: <c>NOPERM</c>); <see cref="ConnectionException"/> when there was no connection for
/// <see cref="ProtocolOptions.MaxReconnectTime"/>; <see cref="ObjectDisposedException"/>. It completes when its <see cref="RedisSubHub"/> is
/// disposed. An observer that throws is reported, and leaves.</para>
/// </remarks>
public sealed class RedisSubscription<T> : IObservable<T>
{
    private readonly RedisSubHub _hub;
    private readonly SubscriptionKind _kind;
    private readonly RedisPlace _place;
    private readonly Bytes[] _names;
    private readonly Func<RedisMessage, T> _read;
    private readonly Predicate<RedisMessage>? _isMeant;
    private readonly Subject<Gap> _gaps = new();
    private AwaitableSource<Unit> _opened;
    private bool _hasFailed;
    private DateTimeOffset _lastGap;

    internal RedisSubscription(
        RedisSubHub hub, SubscriptionKind kind, RedisPlace place, IEnumerable<string> names, Func<RedisMessage, T> read, Predicate<RedisMessage>? isMeant = null)
    {
        (_hub, _kind, _place, _read, _isMeant) = (hub, kind, place, read, isMeant);
        _names = [.. names.Distinct().Select(static name => (Bytes)name)];
        _opened = Unopened();
    }

    /// <summary>Told when the server has confirmed the subscription of the first observer: what is published from then on arrives. Subscribe first,
    /// then await this.</summary>
    /// <remarks>Errors: as those of the observer.</remarks>
    public Awaitable<Unit> Opened => _opened;

    /// <summary>Told each time the connection was lost and the subscription is back: what was published meanwhile is lost, and whoever must not miss anything
    /// reads the present state anew. Told when the server has confirmed all; of several channels those that are back first may have given messages before.
    /// Nothing is told while nobody observes the messages.</summary>
    public IObservable<Gap> Gaps => _gaps.AsObservable();

    /// <inheritdoc/>
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (_hasFailed)
        {
            (_hasFailed, _opened) = (false, Unopened());
        }

        var listener = new Listener(this, observer);
        _hub.Enter(listener);
        return listener;
    }

    /// <summary>To what.</summary>
    public override string ToString() => $"a subscription to {string.Join(", ", _names)}";

    private AwaitableSource<Unit> Unopened() => new(ToString());

    private void Tell(Gap gap)
    {
        if (_lastGap == gap.From)
        {
            return;
        }

        _lastGap = gap.From;
        _gaps.OnNext(gap);
    }

    private sealed class Listener(RedisSubscription<T> subscription, IObserver<T> observer)
        : SubscriptionListener(subscription._hub, subscription._kind, subscription._place, subscription._names)
    {
        public override void Next(in RedisMessage message)
        {
            if (HasLeft || subscription._isMeant?.Invoke(message) == false)
            {
                return;
            }

            try
            {
                observer.OnNext(subscription._read(message));
            }
            catch (Exception thrown)
            {
                Dispose();
                subscription._hub.Report(thrown, subscription);
            }
        }

        public override void End(Exception? error) => Guarded(() =>
        {
            var opened = subscription._opened;
            subscription._hasFailed = true;
            try
            {
                Over(error);
            }
            finally
            {
                opened.TrySetException(error ?? new ObjectDisposedException(nameof(RedisSubHub)));
            }
        });

        protected override void Opened(Gap? gap) => Guarded(() =>
        {
            subscription._opened.TrySetResult(Unit.Default);
            if (gap is { } missed)
            {
                subscription.Tell(missed);
            }
        });

        private void Over(Exception? error)
        {
            var hasLeft = HasLeft;
            Dispose();
            if (hasLeft)
            {
                return;
            }

            if (error is null)
            {
                observer.OnCompleted();
            }
            else
            {
                observer.OnError(error);
            }
        }

        // Whoever is told may throw: that is nobody else's.
        private void Guarded(Action told)
        {
            try
            {
                told();
            }
            catch (Exception thrown)
            {
                subscription._hub.Report(thrown, subscription);
            }
        }
    }
}
