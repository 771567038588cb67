using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A lock that is held, until this is disposed or <see cref="Lost"/>.</summary>
public sealed class LockLease : IDisposable
{
    private readonly LockLine _line;
    private readonly RedisTopology _link;
    private readonly LockClaim _claim;
    private readonly Func<TimeSpan> _now;
    private readonly SerialDisposable _keeping = new();
    private readonly CancellationTokenSource _lost = new();
    private TimeSpan _validUntil;
    private int _released;
    private bool _isOver;
    private bool _isChecking;

    internal LockLease(LockLine line, RedisTopology link, LockClaim claim, long fence, TimeSpan validUntil, Func<TimeSpan> now)
    {
        (_line, _link, _claim, _validUntil, _now, Fence) = (line, link, claim, validUntil, now, fence);
        KeepLater(claim.Expiry / 3);
    }

    /// <summary>Where it is kept.</summary>
    public Bytes Key => _claim.Key;

    /// <summary>What stands there as long as it is held.</summary>
    public string Token => _claim.Token;

    /// <summary>Greater than that of all who have held it before: whoever guards something refuses a smaller one than the last.</summary>
    public long Fence { get; }

    /// <summary>Cancelled, on the hub, when the lock is lost: somebody has removed or replaced its key, or it could not be renewed in time. Not when it is
    /// released. Who was stopped, and asks on the hub before it has noticed, is told all the same.</summary>
    public CancellationToken Lost
    {
        get
        {
            if (!_isOver && _link.Hub.IsCurrent && Spare <= TimeSpan.Zero)
            {
                Lose();
            }

            return _lost.Token;
        }
    }

    /// <summary>What is held.</summary>
    internal LockClaim Claim => _claim;

    private TimeSpan Spare => _validUntil - _now();

    /// <summary>Renews it now; this happens by itself at each third of the expiry.</summary>
    /// <returns>False: it is lost, or released. Cold.</returns>
    /// <remarks>Errors: as those of a command.</remarks>
    public Awaitable<bool> Renew() => Observable.Defer(RenewHere).ToAwaitable($"renewing the lock '{Key}'");

    /// <summary>Releases it, and tells when the server knows.</summary>
    /// <returns>Whether it was still held. Cold: the first subscription releases.</returns>
    /// <remarks>Errors: as those of a command; the server frees it by itself when its time is up.</remarks>
    public Awaitable<bool> Release() => Observable.Defer(ReleaseHere).ToAwaitable($"releasing the lock '{Key}'");

    /// <summary>Releases it, without waiting; once more, nothing happens.</summary>
    public void Dispose() => Release().Subscribe(static _ => { }, static _ => { });

    /// <summary>What is held.</summary>
    public override string ToString() => $"the lock '{Key}', held with the fencing number {Fence}";

    /// <summary>Its key may have changed: asks.</summary>
    internal void Check()
    {
        if (_isChecking || _isOver)
        {
            return;
        }

        _isChecking = true;
        LockScripts.ToCheck(_link, _claim).Subscribe(Checked, _ => _isChecking = false);
    }

    /// <summary>It is not held any more, and its holder has to know.</summary>
    internal void Lose()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        _line.Lost(this);
        try
        {
            _lost.Cancel();
        }
        catch (AggregateException thrown)
        {
            _link.Hub.Report(thrown, ToString());
        }

        _keeping.Dispose();
    }

    private void Checked(bool isHeld)
    {
        _isChecking = false;
        if (!isHeld)
        {
            Lose();
        }
    }

    private void KeepLater(TimeSpan pause)
    {
        if (!_isOver)
        {
            _keeping.Disposable = _link.Hub.Schedule(Least(pause, Spare), Keep);
        }
    }

    // What holds on the server holds at least as long as one knows here: it was sent earlier than it arrived.
    private void Keep()
    {
        if (Spare <= TimeSpan.Zero)
        {
            Lose();
            return;
        }

        // What fails at once is followed by a timer in its place.
        var asking = new SingleAssignmentDisposable();
        _keeping.Disposable = asking;
        asking.Disposable = RenewHere().ToAwaitable().Timeout(Least(_link.Target.Options.Timeout, Spare), _link.Hub)
            .Subscribe(_ => KeepLater(_claim.Expiry / 3), _ => KeepLater(_claim.Expiry / 10));
    }

    private IObservable<bool> RenewHere() => Observable.Defer(() =>
    {
        var sent = _now();
        return LockScripts.ToRenew(_link, _claim).Do(isHeld => Renewed(isHeld, sent));
    });

    private void Renewed(bool isHeld, TimeSpan sent)
    {
        if (_isOver)
        {
            return;
        }

        if (isHeld)
        {
            _validUntil = sent + _claim.Expiry;
        }
        else
        {
            Lose();
        }
    }

    private IObservable<bool> ReleaseHere()
    {
        if (Interlocked.Exchange(ref _released, 1) != 0)
        {
            return Observable.Return(false);
        }

        _link.Hub.Within(LetGo);
        return LockScripts.ToRelease(_link, _claim).Do(Released, _ => Released(false));
    }

    private void LetGo()
    {
        _isOver = true;
        _keeping.Dispose();
        _line.LetGo(this);
    }

    // The server has given it to the first in line, and told whose that is.
    private void Released(bool wasHeld)
    {
        if (!wasHeld)
        {
            _line.Freed(this);
        }
        else
        {
            _line.ForgetIfEmpty();
        }
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) =>
        one == Timeout.InfiniteTimeSpan || other < one ? (other > TimeSpan.Zero ? other : TimeSpan.Zero) : one;
}
