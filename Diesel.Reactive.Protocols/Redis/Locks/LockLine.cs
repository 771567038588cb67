using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Who holds a lock here, and who waits for it here. Each has its own place in the line at the server. The hub's thread only.</summary>
internal sealed class LockLine : IDisposable
{
    // The server frees a key no earlier than it says, and says it in whole milliseconds.
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);

    // Whoever wants it again soon need not subscribe again; a server that does not tell is not asked to before.
    private static readonly TimeSpan Lingering = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShortLingering = TimeSpan.FromSeconds(1);

    private readonly LockTable _table;
    private readonly LinkedList<LockWait> _waiting = [];
    private readonly List<LockLease> _held = [];
    private readonly ObjectChannel _wakes;
    private IDisposable? _timer;
    private IDisposable? _lingering;
    private bool _isOver;
    private int _asking;
    private TimeSpan _notToldUntil;

    public LockLine(LockTable table, Bytes key)
    {
        (_table, Key) = (table, key);
        _wakes = new ObjectChannel(table.Hub, table.Subscriptions, table.ChannelOf(key), LockScripts.KeptFor, message => Told(message.ToText()), AskAll, _ => NotTold());
    }

    public Bytes Key { get; }

    private RedisTopology Link => _table.Link;

    public void Enter(LockWait wait)
    {
        _lingering?.Dispose();
        if (wait.IsOver)
        {
            ForgetIfEmpty();
        }
        else if (wait.IsNowOrNever && wait.Claim.Count is null && (_held.Count > 0 || _waiting.Count > 0))
        {
            wait.TryClaim();
            Guarded(() => wait.Fail(wait.Late()));
        }
        else
        {
            wait.Line = this;
            _waiting.AddLast(wait);
            wait.StartTimer(() => Refuse(wait, wait.Late()));
            Ask(wait);
        }
    }

    /// <summary>One does not wait any more: what it got meanwhile goes to the next.</summary>
    public void Leave(LockWait wait)
    {
        if (_waiting.Remove(wait) && !_isOver)
        {
            GiveBack(wait.Claim);
        }
    }

    /// <summary>The key may have changed.</summary>
    public void Changed()
    {
        Array.ForEach(_held.ToArray(), static lease => lease.Check());
        if (!_wakes.IsOpen)
        {
            AskFirst();
        }
    }

    /// <summary>What happened meanwhile is not known.</summary>
    public void Missed()
    {
        Changed();
        AskFirst();
    }

    /// <summary>The server did not know its holder any more: nobody was told.</summary>
    public void Freed(LockLease lease)
    {
        _held.Remove(lease);
        AskFirst();
        ForgetIfEmpty();
    }

    /// <summary>Its holder finds that it is not held any more: the line goes on.</summary>
    public void Lost(LockLease lease)
    {
        _held.Remove(lease);
        if (!_isOver)
        {
            GiveBack(lease.Claim);
        }
    }

    /// <summary>Its holder lets go of it; the server tells who is next.</summary>
    public void LetGo(LockLease lease) => _held.Remove(lease);

    public void End(Exception error)
    {
        _isOver = true;
        Dispose();
        foreach (var lease in _held.ToArray())
        {
            lease.Lose();
        }

        foreach (var wait in _waiting.ToArray())
        {
            Refuse(wait, error);
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _lingering?.Dispose();
        _wakes.Dispose();
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
            _table.Hub.Report(thrown, $"who waits for the lock '{Key}'");
        }
    }

    private void Refuse(LockWait wait, Exception error)
    {
        if (wait.TryClaim())
        {
            Leave(wait);
            Guarded(() => wait.Fail(error));
        }
    }

    private void Told(string token)
    {
        if (_waiting.FirstOrDefault(wait => wait.Claim.Token == token) is { } next)
        {
            Ask(next);
        }
    }

    private void AskAll() => Array.ForEach(_waiting.ToArray(), Ask);

    private void AskFirst()
    {
        if (_waiting.First is { Value: var first })
        {
            Ask(first);
        }
    }

    private void Ask(LockWait wait)
    {
        if (_isOver || wait.IsAsking)
        {
            wait.AsksAgain = true;
            return;
        }

        (wait.IsAsking, wait.AsksAgain) = (true, false);
        _asking++;
        var sent = _table.Now;
        LockScripts.ToAcquire(Link, wait.Claim, waits: !wait.IsNowOrNever && _wakes.IsOpen).Subscribe(
            said => Tried(wait, sent, said.Fence, said.Remaining), error => Failed(wait, error));
    }

    private void Tried(LockWait wait, TimeSpan sent, long fence, long remaining)
    {
        wait.IsAsking = false;
        _asking--;
        if (fence == 0)
        {
            IsHeldElsewhere(wait, remaining);
        }
        else if (wait.IsOver || _isOver)
        {
            GiveBack(wait.Claim);
        }
        else if (_table.Now - sent > wait.Claim.Expiry / 3)
        {
            // It may have waited for a connection all that time: the same once more, and it is known when it ends.
            Ask(wait);
        }
        else if (wait.TryClaim())
        {
            _waiting.Remove(wait);
            var lease = new LockLease(this, Link, wait.Claim, fence, sent + wait.Claim.Expiry, () => _table.Now);
            _held.Add(lease);
            Guarded(() => wait.Deliver(lease));
        }
        else
        {
            GiveBack(wait.Claim);
        }
    }

    private void IsHeldElsewhere(LockWait wait, long remaining)
    {
        if (wait.IsOver)
        {
            ForgetIfEmpty();
        }
        else if (wait.IsNowOrNever)
        {
            Refuse(wait, wait.Late());
        }
        else if (wait.AsksAgain)
        {
            Ask(wait);
        }
        else
        {
            if (_table.Now >= _notToldUntil)
            {
                _wakes.Open();
            }

            var pause = remaining < 0 ? wait.Claim.Expiry : TimeSpan.FromMilliseconds(remaining) + Rounding;
            AskLater(_wakes.IsOpen ? pause : new[] { pause, wait.Claim.Expiry / 10, LongestPoll }.Min());
        }
    }

    private void NotTold()
    {
        _notToldUntil = _table.Now + Lingering;
        AskLater(LongestPoll);
    }

    private void AskLater(TimeSpan pause)
    {
        _timer?.Dispose();
        _timer = _isOver ? null : _table.Hub.Schedule(pause, AskFirst);
    }

    private void Failed(LockWait wait, Exception error)
    {
        wait.IsAsking = false;
        _asking--;
        Refuse(wait, error);
        ForgetIfEmpty();
    }

    // It came too late for whoever wanted it, or will.
    private void GiveBack(LockClaim claim)
    {
        _asking++;
        LockScripts.ToRelease(Link, claim).Finally(() =>
        {
            _asking--;
            ForgetIfEmpty();
        }).Subscribe(static _ => { }, static _ => { });
    }

    /// <summary>It has an end when nobody holds it, or waits for it.</summary>
    public void ForgetIfEmpty()
    {
        if (_isOver || !IsEmpty)
        {
            return;
        }

        _timer?.Dispose();
        _lingering?.Dispose();
        _lingering = _table.Hub.Schedule(_wakes.IsOpen ? Lingering : ShortLingering, Forget);
    }

    private bool IsEmpty => _held.Count == 0 && _asking == 0 && _waiting.Count == 0;

    private void Forget()
    {
        if (_isOver || !IsEmpty)
        {
            return;
        }

        _isOver = true;
        Dispose();
        _table.Forget(this);
    }
}
