using System.Globalization;
using System.Reactive;
using System.Reactive.Disposables;
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
        _condition = new SharedCondition(_of, _outbox, message => Heed(int.Parse(message.ToText(), CultureInfo.InvariantCulture)), Look);
    }

    /// <summary>What it begins with.</summary>
    public int Count { get; }

    /// <summary>Ticks that are missing: how many there are now, then each change.</summary>
    /// <remarks>Each observer makes the program listen. Several ticks may be one change. Errors: as those of a wait. Completes behind zero.</remarks>
    public IObservable<int> Remaining => Observable.Create<int>(observer =>
    {
        var listening = new SingleAssignmentDisposable();
        var left = _remaining.Merge(_condition.Failures.SelectMany(static failure => Observable.Throw<int>(failure))).DistinctUntilChanged().TakeUntil(static left => left == 0).Finally(listening.Dispose).Subscribe(observer);
        if (!_of.Hub.Within(() => listening.Disposable = _condition.Listen()))
        {
            observer.OnError(_of.Ended());
        }

        return left;
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
    public void Dispose() => _of.End(_condition.Dispose);

    /// <summary>Which, as errors show it.</summary>
    public override string ToString() => _of.ToString();

    // What was told since it was asked is newer.
    private IObservable<bool> Look() => Observable.Defer(() =>
    {
        var known = _last;
        return _of.Call("look", _of.KeepFor, Count).Select(reply => Heed((int)reply.ToInt64(), isNews: _last == known));
    });

    private void Heed(RespValue reply) => Heed((int)reply.ToInt64());

    // What was overtaken counts for nothing: it only goes down. Whoever looks sees what is, also when the server has forgotten something.
    private bool Heed(int left, bool isNews = false)
    {
        if (left <= _last || isNews)
        {
            _last = left;
            _condition.Heed(left == 0);
            _remaining.OnNext(left);
        }

        return left == 0;
    }
}
