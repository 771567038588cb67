using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Keeps the map of a cluster. However many find out that it is old, it is asked for once at a time, and the less often the longer nothing comes of it. The
/// hub's thread only.</summary>
internal sealed class MapKeeper : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CalmAfter = TimeSpan.FromSeconds(10);

    private readonly RedisConnectionString _target;
    private readonly Hub _hub;
    private readonly Func<Task<ClusterMap>> _read;
    private readonly Action<ClusterMap> _took;
    private readonly IStopwatch _clock;
    private readonly Random _random;
    private readonly LinkedList<Waiter> _waiting = [];
    private Loop? _running;
    private TimeSpan _pause = FirstPause;
    private TimeSpan _last;
    private bool _wasRead;
    private bool _isAsked;
    private bool _isDisposed;
    private int _round;

    /// <param name="target">What bounds it.</param>
    /// <param name="hub">Where.</param>
    /// <param name="read">Asks for a map.</param>
    /// <param name="took">Is given each that came.</param>
    public MapKeeper(RedisConnectionString target, Hub hub, Func<Task<ClusterMap>> read, Action<ClusterMap> took)
    {
        (_target, _hub, _read, _took, _clock) = (target, hub, read, took, hub.StartStopwatch());

        // In virtual time, each run draws the same.
        _random = new Random((int)hub.Now.Ticks);
    }

    /// <summary>The present one; null: there was none yet.</summary>
    public ClusterMap? Map { get; private set; }

    /// <summary>What the last attempt came to; null: a map.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Waits for the first.</summary>
    /// <param name="next">Called when it is there.</param>
    /// <param name="fail">Called when there was none for <see cref="ProtocolOptions.MaxReconnectTime"/>: with what the last attempt came to.</param>
    /// <returns>Disposed, any thread, it waits no more.</returns>
    public IDisposable Wait(Action next, Action<Exception> fail)
    {
        var place = _waiting.AddLast(new Waiter(next, fail, _round));
        Ask();
        return Disposable.Create(() => _hub.Within(() =>
        {
            if (place.List is not null)
            {
                _waiting.Remove(place);
            }
        }));
    }

    /// <summary>A newer one is needed.</summary>
    public void Ask()
    {
        _isAsked = true;
        if (!_isDisposed)
        {
            _running ??= _hub.Fork(Run, $"asking who has which slots of {_target}");
        }
    }

    /// <summary>A newer one would do good, if this is old.</summary>
    public void AskIfOlder(TimeSpan age)
    {
        if (_clock.Elapsed - _last > age)
        {
            Ask();
        }
    }

    /// <summary>It is known who has what.</summary>
    public void Take(ClusterMap map)
    {
        (Failure, Map) = (null, map);
        Guard(() => _took(map));
        TellAll(static waiter => waiter.Next());
    }

    public void Dispose()
    {
        _isDisposed = true;
        _running?.Dispose();
        Fail(new ObjectDisposedException("RedisClient", "The client was disposed."));
    }

    private async Task Run()
    {
        var since = _clock.Elapsed;
        try
        {
            while (_isAsked && !IsHopeless(since))
            {
                await Pace();
                _isAsked = false;
                await Read();

                // As long as there is none, there are those who wait for it.
                _isAsked |= Map is null && _waiting.Count > 0;
            }
        }
        finally
        {
            _running = null;

            // Who was told that it is hopeless may have asked anew.
            if (_isAsked || (Map is null && _waiting.Count > 0))
            {
                Ask();
            }
        }
    }

    private async Task Read()
    {
        try
        {
            Take(await _read());
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Failure = failure;
        }
        finally
        {
            (_last, _wasRead) = (_clock.Elapsed, true);
        }
    }

    // The first at once; the next behind a pause, some of which is drawn, so that many clients do not come together.
    private async Task Pace()
    {
        var passed = _clock.Elapsed - _last;
        if (!_wasRead || passed > CalmAfter)
        {
            _pause = FirstPause;
            return;
        }

        var pause = _pause * (0.5 + (_random.NextDouble() / 2));
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        if (pause > passed)
        {
            await _hub.Sleep(pause - passed);
        }
    }

    private bool IsHopeless(TimeSpan since)
    {
        if (Map is not null || Failure is not { } failure)
        {
            return false;
        }

        var limit = _target.Options.MaxReconnectTime;
        var isFinal = failure is ProtocolException or RedisErrorException { Code: not ("LOADING" or "BUSY" or "MASTERDOWN" or "CLUSTERDOWN") };
        if (!isFinal && (limit == Timeout.InfiniteTimeSpan || _clock.Elapsed - since < limit))
        {
            return false;
        }

        // Who comes later tries again.
        (_isAsked, Failure) = (false, null);
        Fail(failure);
        return true;
    }

    private void Fail(Exception failure) => TellAll(waiter => waiter.Fail(failure));

    // Those who wait now: whoever asks again when told is told the next time.
    private void TellAll(Action<Waiter> tell)
    {
        _round++;
        while (_waiting.First is { Value: var waiter } && waiter.Round < _round)
        {
            _waiting.RemoveFirst();
            Guard(() => tell(waiter));
        }
    }

    // What one of them throws is nobody else's.
    private void Guard(Action step)
    {
        try
        {
            step();
        }
        catch (Exception thrown)
        {
            _hub.Report(thrown, $"telling who has which slots of {_target}");
        }
    }

    /// <summary>Who waits for a map, and since which round of telling.</summary>
    private sealed record Waiter(Action Next, Action<Exception> Fail, int Round);
}
