using System.Globalization;
using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A condition that sets itself after a number of ticks of any program, and stays set. Made by <see cref="RedisCoordination.Countdown"/>.</summary>
/// <remarks>
/// <para>Each tick counts once, however often it is sent; one with an id of its own also when several programs send it. It is forgotten when nobody used it for
/// <see cref="RedisCoordinationOptions.KeepFor"/>: then it begins anew.</para>
/// <para>Errors of a wait, besides the interface's: those of a command; <see cref="InvalidOperationException"/> when the one at the server began with another count;
/// <see cref="ObjectDisposedException"/>.</para>
/// </remarks>
public sealed class RedisCountdown : ICountdown, IDisposable
{
    private readonly SharedObject _of;
    private readonly Outbox _outbox;
    private readonly SharedCondition _condition;
    private readonly Subject<int> _remaining = new();
    private int _last = int.MaxValue;
   

    internal RedisCountdown(RedisCoordination owner, string name, int count)
    {
        Count = count;
        _of = new SharedObject(owner, "countdown", name);
        _outbox = new Outbox(_of, new Steps(_of, "tick", _of.KeepFor, count));
        _condition = new SharedCondition(_of, _outbox, message => Heed(int.Parse(message.ToText(), CultureInfo.InvariantCulture), isLook: false), Look);
    }

    /// <summary>What it begins with.</summary>
    public int Count { get; }

    /// <summary>Ticks that are missing: how many there are now, then each change.</summary>
    /// <remarks>Each observer makes the program listen. Several ticks may be one change. Errors: as those of a wait. Completes behind zero.</remarks>
    public IObservable<int> Remaining => Observable.Create<int>(observer =>
    {
        var subscription = _remaining.DistinctUntilChanged().TakeUntil(static left => left == 0).Subscribe(observer);
        _of.Hub.Within(() =>
        {
            _condition.Channel.Open();
            if (_condition.Channel.IsOpen)
            {
                Look().Subscribe(static _ => { }, observer.OnError);
            }
        });
        return subscription;
    });

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Something asked of it before has failed.</exception>
    /// <remarks>Sent in order, and repeated while its fate is not known; what fails in the end is in <see cref="RedisCoordination.Errors"/>.</remarks>
    public void Tick() => Tick("");

    /// <summary>Counts down by one, unless a tick of this id was counted before.</summary>
    /// <param name="id">What is done by it: a second time, by whomever, changes nothing. Empty: it has none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is null.</exception>
    /// <exception cref="InvalidOperationException">Something asked of it before has failed.</exception>
    public void Tick(string id)
    {
        _of.ThrowIfFailed();
        _outbox.Post([id], Heed);
    }

    /// <summary>As <see cref="Tick(string)"/>, and tells when the server knows.</summary>
    /// <param name="id">As there.</param>
    /// <returns>How many are missing then. Cold.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is null.</exception>
    /// <remarks>Errors: as those of a command.</remarks>
    public Awaitable<int> TickAsync(string id = "") => _outbox.Ask([id], static reply => (int)reply.ToInt64(), Heed);

    /// <inheritdoc/>
    public Awaitable<Unit> Wait(TimeSpan? timeout = null) => _condition.Wait(timeout);

    /// <summary>Ends what waits here.</summary>
    public void Dispose()
    {
        _of.End();
        _of.Hub.Within(() =>
        {
            _condition.Dispose();
            _remaining.OnError(_of.Ended());
        });
    }

    /// <summary>Which, as errors show it.</summary>
    public override string ToString() => _of.ToString();

    private IObservable<bool> Look() => _of.Call("look", _of.KeepFor, Count).Select(reply =>
    {
        Heed((int)reply.ToInt64(), isLook: true);
        return reply.ToInt64() == 0;
    });

    private void Heed(RespValue reply) => Heed((int)reply.ToInt64(), isLook: false);

    // What was overtaken counts for nothing: it only goes down. Whoever looks sees what is, also when the server has forgotten something.
    private void Heed(int left, bool isLook)
    {
        if (left > _last && !isLook)
        {
            return;
        }

        _last = left;
        _condition.Heed(left == 0);
        _remaining.OnNext(left);
    }
}
