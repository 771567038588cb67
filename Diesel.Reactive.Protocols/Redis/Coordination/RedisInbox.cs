using System.Reactive;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>The items one subscriber of a <see cref="RedisFanout{T}"/> is given. Dispose it to be given no more.</summary>
/// <typeparam name="T">The items' type.</typeparam>
/// <remarks>One loop reads it at a time. It holds <see cref="RedisFanoutOptions.Capacity"/> items; the rest stays at the server until there is room.</remarks>
public sealed class RedisInbox<T> : IDisposable
{
    private readonly RedisFanout<T> _fanout;
    private readonly AsyncQueue<Item> _items;
    private readonly AwaitableSource<Unit> _opened;
    private readonly FanoutPosition? _from;

    // Behind what the buffer has last; up to date when that is as far as has been read here.
    private FanoutPosition _last;
    private bool _isUpToDate;
    private bool _isCatchingUp;
    private bool _isOver;
    private Exception? _error;

    internal RedisInbox(RedisFanout<T> fanout, FanoutPosition? from)
    {
        (_fanout, _from, _opened) = (fanout, from, new AwaitableSource<Unit>($"the opening of an inbox of {fanout}"));
        _items = new AsyncQueue<Item>(fanout.Options.Capacity + 1, hub: fanout.Hub);
    }

    /// <summary>Told when it is open: what is published from then on arrives.</summary>
    /// <remarks>Errors: as those of a command.</remarks>
    public Awaitable<Unit> Opened => _opened;

    /// <summary>Behind the last item that was given: where another inbox goes on. The hub's thread only.</summary>
    public FanoutPosition Position { get; private set; }

    /// <summary>Items it holds now. The hub's thread only.</summary>
    public int Count => _items.Count;

    /// <summary>Gets the item at the front; waits for one when there is none.</summary>
    /// <param name="waiting">False: <see cref="QueueEmptyException"/> instead of waiting; what is still on its way counts as not there.</param>
    /// <param name="timeout">Zero: now or never. Null: for ever.</param>
    /// <returns>Cold: each subscription and each <c>await</c> gets one item. Unsubscribed before, or losing a race, it consumes nothing.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <remarks>Errors: <see cref="FanoutGapException"/>, once for each gap; <see cref="QueueEmptyException"/>, <see cref="QueueTimeoutException"/>; those of a command, when the
    /// server could not be read; <see cref="ObjectDisposedException"/>.</remarks>
    public Awaitable<T> Get(bool waiting = true, TimeSpan? timeout = null) => _items.Get(waiting, timeout)
        .Select(Give)
        .Concat(Observable.Defer(() => _error is { } error ? Observable.Throw<T>(error) : Observable.Empty<T>()))
        .ToAwaitable($"waiting for an item of {_fanout}");

    /// <summary>Leaves. Any thread.</summary>
    public void Dispose() => _fanout.Hub.Within(() => End(new ObjectDisposedException(nameof(RedisInbox<T>), $"This inbox of {_fanout} was disposed.")));

    /// <summary>It begins. The hub's thread only.</summary>
    internal void Begin()
    {
        _isCatchingUp = true;
        _fanout.Hub.Fork(Start, $"opening an inbox of {_fanout}");
    }

    /// <summary>What was read for all. Some of it may have been read for this one before.</summary>
    internal void Pass(List<(FanoutPosition Place, Bytes Value)> items)
    {
        if (_isUpToDate)
        {
            _isUpToDate = Take(items);
        }
    }

    /// <summary>Nothing follows. The hub's thread only.</summary>
    internal void End(Exception error)
    {
        if (_isOver)
        {
            return;
        }

        (_isOver, _error) = (true, error);
        _fanout.Leave(this);
        _opened.TrySetException(error);
        _items.Complete();
    }

    private T Give(Item item)
    {
        Position = item.Place;
        if (!_isUpToDate && !_isCatchingUp && !_isOver && _items.Count <= _fanout.Options.Capacity / 2)
        {
            _isCatchingUp = true;
            _fanout.Hub.Fork(CatchUp, $"an inbox of {_fanout} reads what it had no room for");
        }

        return item.Gap is { } gap ? throw gap : _fanout.Decode(item.Value);
    }

    private async Task Start()
    {
        try
        {
            _last = Position = _from ?? await _fanout.Last().ToAwaitable();
            _fanout.HasRead(_last);
            _opened.TrySetResult(Unit.Default);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            End(failure);
            return;
        }

        await CatchUp();
    }

    // Until it has as much as was read for all, or has no room.
    private async Task CatchUp()
    {
        try
        {
            while (!_isOver)
            {
                var (items, isMore) = await _fanout.Read(_last.Id);
                if (!Take(items))
                {
                    return;
                }

                if (items.Count == 0 || (!isMore && _fanout.HasRead(_last)))
                {
                    _isUpToDate = true;
                    return;
                }
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            End(failure);
        }
        finally
        {
            _isCatchingUp = false;
        }
    }

    // False: it has no room for all.
    private bool Take(List<(FanoutPosition Place, Bytes Value)> items)
    {
        foreach (var (place, value) in items)
        {
            if (!place.IsBehind(_last))
            {
                continue;
            }

            if (_items.Count >= _fanout.Options.Capacity)
            {
                return false;
            }

            if (_last.Number >= 0 && place.Number != _last.Number + 1)
            {
                _items.TryPut(new Item(place with { Number = place.Number - 1 }, default, new FanoutGapException(_fanout.ToString(), place.Number > _last.Number ? place.Number - _last.Number - 1 : null)));
            }

            _items.TryPut(new Item(place, value, null));
            _last = place;
        }

        return true;
    }

    private sealed record Item(FanoutPosition Place, Bytes Value, FanoutGapException? Gap);
}
