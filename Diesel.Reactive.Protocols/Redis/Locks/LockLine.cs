using System.Reactive.Concurrency;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Who holds a lock here, and who waits for it here: the first in line asks the server. The hub's thread only.</summary>
internal sealed class LockLine(LockTable table, Bytes key)
{
    // The server frees a key no earlier than it says, and says it in whole milliseconds.
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);

    private readonly LinkedList<LockWait> _waiting = [];
    private LockLease? _held;
    private LockWait? _trying;
    private IDisposable? _timer;
    private bool _isOver;

    public Bytes Key => key;

    private RedisTopology Link => table.Link;

    public void Enter(LockWait wait)
    {
        if (wait.IsOver)
        {
            ForgetIfEmpty();
        }
        else if (wait.IsNowOrNever && (_held is not null || _waiting.Count > 0))
        {
            Refuse(wait, wait.Late());
        }
        else
        {
            wait.Line = this;
            _waiting.AddLast(wait);
            wait.StartTimer(() => Refuse(wait, wait.Late()));
            if (_waiting.Count == 1)
            {
                Try();
            }
        }
    }

    /// <summary>One does not wait any more.</summary>
    public void Leave(LockWait wait)
    {
        _waiting.Remove(wait);
        ForgetIfEmpty();
    }

    /// <summary>The key may have changed.</summary>
    public void Changed()
    {
        _held?.Check();
        Try();
    }

    /// <summary>Its holder has let go of it, and the server knows; or has lost it.</summary>
    /// <param name="lease">Who has held it.</param>
    public void Freed(LockLease lease)
    {
        if (_held == lease)
        {
            _held = null;
        }

        Try();
        ForgetIfEmpty();
    }

    /// <summary>Its holder lets go of it; who waits tries when the server says that it has changed.</summary>
    public void LetGo(LockLease lease)
    {
        if (_held == lease)
        {
            _held = null;
        }
    }

    /// <summary>Whoever waits will be told.</summary>
    public void Rest() => ForgetIfEmpty();

    public void End(Exception error)
    {
        _isOver = true;
        _timer?.Dispose();
        _held?.Lose();
        foreach (var wait in _waiting.ToArray())
        {
            Refuse(wait, error);
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
            table.Hub.Report(thrown, $"who waits for the lock '{key}'");
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

    private void Try()
    {
        if (_isOver || _trying is not null || _held is not null || _waiting.First is not { Value: var first })
        {
            return;
        }

        _timer?.Dispose();
        _trying = first;
        var sent = table.Now;
        Link.Ask(LockScripts.ToAcquire(key, first.Token, first.Expiry)).Subscribe(
            said => Tried(first, sent, said.Fence, said.Remaining), error => Failed(first, error));
    }

    private void Tried(LockWait wait, TimeSpan sent, long fence, long remaining)
    {
        _trying = null;
        if (fence == 0)
        {
            IsHeldElsewhere(wait, remaining);
        }
        else if (wait.IsOver || _isOver)
        {
            GiveBack(wait);
        }
        else if (table.Now - sent > wait.Expiry / 3)
        {
            // It may have waited for a connection all that time: the same once more, and it is known when it ends.
            Try();
        }
        else if (wait.TryClaim())
        {
            _waiting.Remove(wait);
            _held = new LockLease(this, Link, wait, fence, sent + wait.Expiry, () => table.Now);
            Guarded(() => wait.Deliver(_held));
        }
        else
        {
            GiveBack(wait);
        }
    }

    private void IsHeldElsewhere(LockWait wait, long remaining)
    {
        if (wait.IsNowOrNever)
        {
            Refuse(wait, wait.Late());
        }

        // Whoever is first now has not asked yet.
        if (_waiting.First is { Value: var first } && first != wait)
        {
            Try();
            return;
        }

        var pause = remaining < 0 ? wait.Expiry : TimeSpan.FromMilliseconds(remaining) + Rounding;
        _timer?.Dispose();
        _timer = table.Hub.Schedule(Link.IsTracked ? pause : Min(pause, Min(wait.Expiry / 10, LongestPoll)), Try);
        ForgetIfEmpty();
    }

    private void Failed(LockWait wait, Exception error)
    {
        _trying = null;
        Refuse(wait, error);
        Try();
        ForgetIfEmpty();
    }

    // It came too late for whoever wanted it.
    private void GiveBack(LockWait wait)
    {
        _trying = wait;
        Link.Ask(LockScripts.ToRelease(key, wait.Token)).Subscribe(_ => Given(), _ => Given());

        void Given()
        {
            _trying = null;
            Try();
            ForgetIfEmpty();
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private void ForgetIfEmpty()
    {
        if (!_isOver && _held is null && _trying is null && _waiting.Count == 0)
        {
            _isOver = true;
            _timer?.Dispose();
            table.Forget(this);
        }
    }
}
