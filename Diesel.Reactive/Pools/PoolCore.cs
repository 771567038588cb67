using System.Reactive;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>The places of a pool and who is served next. The hub's thread only, except <see cref="Return"/>.</summary>
/// <remarks>Making an item is nobody's own: it goes to whoever is first in line when it is ready, or is kept. So a borrower
/// that gives up disturbs nothing, and there are never more than <c>Max</c> items. An error goes to the first in line.</remarks>
internal sealed class PoolCore<T>(Hub hub, IObservable<T> create, Action<T> close, PoolOptions<T> options) : IBorrowed<T>, IPoolView, IHubResource, IHubWait
{
    private readonly IdleItems<T> _idle = new(hub, options);
    private readonly AwaitableSource<Unit> _drained = new(hub, null, $"the end of the {options.Name}");
    private Action? _expired;
    private Action<PoolItem<T>>? _gone;
    private int _lent;
    private int _pending;
    private long _created;
    private long _closed;
    private long _failed;
    private bool _draining;
    private bool _serving;

    public Hub Hub => hub;

    public string Name => options.Name;

    public PoolOptions<T> Options => options;

    public WaitLine<Lease<T>> Line { get; } = new();

    /// <summary>Those who have an item, and those who wait for one.</summary>
    public int Load => _lent + Line.Count;

    public Awaitable<Unit> Drained => _drained;

    public long TimedOut { get; set; }

    public PoolCounts Counts => new(
        options.Max, _lent, _idle.Count, _pending, Line.Count, _created, _closed, _failed, TimedOut);

    /// <summary>Whether a newcomer can be lent an item now.</summary>
    public bool IsReady => Line.IsEmpty && options.Validate is null && HasIdle();

    private bool HasPlace => _lent + _idle.Count + _pending < options.Max;

    public override string ToString() => options.Name;

    public bool ReusesAbandoned(Lease<T> lease) => options.ReuseAbandoned;

    public Lease<T> Take() => Lend(_idle.Pop());

    /// <summary>Why one more may not wait.</summary>
    public Exception? Refusal() =>
        _draining ? Over()
        : Line.Count >= options.MaxWaiting || (options.FailFast && _pending <= Line.Count && !HasIdle() && !HasPlace)
            ? new PoolExhaustedException(options.Name, Counts)
        : null;

    public Exception Over() => new ObjectDisposedException(options.Name, $"The {options.Name} was drained: it lends nothing any more.");

    /// <summary>Lends what there is to those in line, and makes or validates what they still lack.</summary>
    public void Serve()
    {
        if (_serving)
        {
            return;
        }

        _serving = true;
        try
        {
            while (!Line.IsEmpty && Step())
            {
            }
        }
        finally
        {
            _serving = false;
        }

        EndIfDrained();
    }

    public void Return(Lease<T> lease) => hub.Invoke(static lease => ((Lease<T>)lease!).Pool.ReturnHere((Lease<T>)lease), lease);

    // Its draining was still queued.
    public void HubEnded(ObjectDisposedException error) => Abort();

    public void Abort() => _drained.TrySetException(hub.Ended());

    public void Drain()
    {
        _draining = true;
        hub.Register(this);
        Line.EndAll(Over());
        while (_idle.Count > 0)
        {
            Close(_idle.Pop());
        }

        EndIfDrained();
    }

    private bool Step()
    {
        if (options.Validate is null && HasIdle())
        {
            Line.ClaimFirst()?.Deliver(Take());
            return true;
        }

        if (_pending >= Line.Count)
        {
            return false;
        }

        if (HasIdle())
        {
            Validate(_idle.Pop());
            return true;
        }

        if (HasPlace)
        {
            Make();
            return true;
        }

        return false;
    }

    private Lease<T> Lend(PoolItem<T> item)
    {
        _lent++;
        return item.Lend(this);
    }

    private void ReturnHere(Lease<T> lease)
    {
        _lent--;
        if (!lease.IsDiscarded && MayStay(lease.Item))
        {
            _idle.Push(lease.Item, _expired ??= Expired, _gone ??= Gone);
        }
        else
        {
            Close(lease.Item);
        }

        Serve();
    }

    private bool MayStay(PoolItem<T> item) =>
        !_draining && (_idle.Count < options.MaxIdle || !Line.IsEmpty) && IsUsable(item);

    private bool IsUsable(PoolItem<T> item)
    {
        try
        {
            return !_idle.IsTooOld(item) && (options.IsUsable is not { } ask || ask(item.Value));
        }
        catch (Exception error)
        {
            hub.Report(error, options.Name);
            return false;
        }
    }

    // The newest first; on the way, what has died in the meantime is closed.
    private bool HasIdle()
    {
        while (_idle.Count > 0)
        {
            if (IsUsable(_idle.Top))
            {
                return true;
            }

            Close(_idle.Pop());
        }

        return false;
    }

    private void Make()
    {
        _pending++;
        var made = false;
        void Fail(Exception error)
        {
            if (!made)
            {
                made = true;
                Failed(error);
            }
        }

        try
        {
            create.Take(1).Subscribe(
                value =>
                {
                    made = true;
                    Ready(new PoolItem<T>(value, hub.Elapsed), isNew: true);
                },
                Fail,
                () => Fail(new InvalidOperationException($"What makes the items of the {options.Name} completed without one.")));
        }
        catch (Exception error)
        {
            Fail(error);
        }
    }

    private void Failed(Exception error) => hub.Invoke(() =>
    {
        _pending--;
        _failed++;
        Line.ClaimFirst()?.End(error);
        Serve();
    });

    private void Ready(PoolItem<T> item, bool isNew) => hub.Invoke(() =>
    {
        _pending--;
        _created += isNew ? 1 : 0;
        if (!isNew && !_idle.IsQuiet(item))
        {
            Close(item);
        }
        else if (Line.ClaimFirst() is { } first)
        {
            first.Deliver(Lend(item));
        }
        else if (MayStay(item))
        {
            _idle.Push(item, _expired ??= Expired, _gone ??= Gone);
        }
        else
        {
            Close(item);
        }

        Serve();
    });

    private void Validate(PoolItem<T> item)
    {
        _pending++;
        var asking = Conversation.Of(hub, async () =>
        {
            await options.Validate!(item.Value);
            return Unit.Default;
        });
        asking = options.AcquireTimeout > TimeSpan.Zero ? asking.Timeout(options.AcquireTimeout, hub) : asking;
        asking.Subscribe(static _ => { }, _ => Invalid(item), () => Ready(item, isNew: false));
    }

    private void Invalid(PoolItem<T> item)
    {
        _pending--;
        Close(item);
        Serve();
    }

    private void Gone(PoolItem<T> item)
    {
        _idle.Remove(item);
        Close(item);
        if (!hub.IsDisposed)
        {
            Serve();
        }
    }

    private void Expired()
    {
        foreach (var item in _idle.TakeExpired(Expired))
        {
            Close(item);
        }
    }

    private void Close(PoolItem<T> item)
    {
        _closed++;
        UserCode.Run(hub, this, () => close(item.Value));
    }

    private void EndIfDrained()
    {
        if (_draining && _lent == 0 && _pending == 0 && !_drained.IsCompleted)
        {
            _idle.Dispose();
            hub.Unregister(this);
            PoolMeter.Leave(this);
            _drained.TrySetResult(Unit.Default);
        }
    }
}
