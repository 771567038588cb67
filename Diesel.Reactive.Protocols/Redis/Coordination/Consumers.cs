using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Those who wait here for items of a queue, and how items come: as many are asked for as wait. The hub's thread only, but for <see cref="Enter"/>.</summary>
/// <remarks>Whoever comes first asks, and again as long as there may be more: when the server says so, at the time it has named, or when all that was asked for was there.</remarks>
internal sealed class Consumers<T> : IDisposable
{
    private readonly SharedObject _of;
    private readonly Steps _steps;
    private readonly int _most;
    private readonly Func<RespValue, TimeSpan, Delivery<T>?> _read;
    private readonly Action<Delivery<T>> _giveBack;
    private readonly AsyncQueue<Delivery<T>> _line;
    private readonly HashSet<Entry> _entries = [];
    private readonly ObjectChannel _channel;
    private readonly SerialDisposable _timer = new();
    private int _hasty;
    private bool _isTaking;
    private bool _isMore;

    public Consumers(SharedObject of, Steps steps, int most, Func<RespValue, TimeSpan, Delivery<T>?> read, Action<Delivery<T>> giveBack)
    {
        (_of, _steps, _most, _read, _giveBack) = (of, steps, most, read, giveBack);
        _line = new AsyncQueue<Delivery<T>>(hub: of.Hub);
        _channel = of.Channel(_ => More(), More, Fail);
    }

    public int Count => _line.Waiters;

    // Who wants an item now or never has to ask; others only when there may be one, and they will be told of the next.
    private bool HasReason => _line.Waiters > 0 && (_hasty > 0 || (_channel.IsOpen && _isMore));

    /// <summary>One more waits. Any thread.</summary>
    public IDisposable Enter(IObserver<Delivery<T>> observer, bool waiting, TimeSpan timeout)
    {
        var entry = new Entry(this, observer, waiting, timeout);
        if (!_of.Hub.Within(() => EnterHere(entry)))
        {
            observer.OnError(_of.Ended());
        }

        return entry;
    }

    public void Dispose()
    {
        _channel.Dispose();
        _timer.Dispose();
        Fail(_of.Ended());
    }

    public override string ToString() => _of.ToString();

    private void EnterHere(Entry entry)
    {
        if (_of.IsDisposed)
        {
            entry.OnError(_of.Ended());
            return;
        }

        if (entry.IsOver)
        {
            return;
        }

        _entries.Add(entry);
        _hasty += entry.IsNowOrNever ? 1 : 0;
        entry.Begin(_line.Get(timeout: entry.IsNowOrNever ? null : entry.Timeout));
        if (!entry.IsNowOrNever)
        {
            entry.Listening = _channel.Use();
        }

        Pump();
    }

    private void More()
    {
        _isMore = true;
        Pump();
    }

    private void Fail(Exception error)
    {
        foreach (var entry in _entries.ToArray())
        {
            entry.Fail(error);
        }
    }

    private void Pump()
    {
        if (!_isTaking && HasReason)
        {
            _isTaking = true;
            _of.Hub.Fork(Work, $"taking items of {_of}");
        }
    }

    private async Task Work()
    {
        // Those who come in one turn are served together.
        await _of.Hub.Sleep();
        try
        {
            while (HasReason && !_of.IsDisposed)
            {
                await Take();
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            _isMore = true;
            Fail(failure);
        }
        finally
        {
            _isTaking = false;
        }
    }

    private async Task Take()
    {
        var (wanted, asked) = (Math.Min(_line.Waiters, _most), _of.Owner.Now);
        var hasty = _hasty == 0 ? [] : _entries.Where(static entry => entry.IsNowOrNever).ToArray();
        _isMore = false;
        var reply = await _steps.Next(_of.Owner.Options.RepeatFor, wanted);
        var parts = reply.ToItems();
        var items = parts[0].ToItems();
        _isMore |= items.Length == wanted;
        Wait(TimeSpan.FromMilliseconds(parts[1].ToInt64()));
        foreach (var wrong in parts[2].ToItems())
        {
            _of.Owner.Report(new ProtocolException($"Entry {wrong.ToText()} of {_of} is no item of a queue: it is a dead letter."));
        }

        foreach (var item in items)
        {
            if (_read(item, asked) is { } delivery)
            {
                _line.TryPut(delivery);
            }
        }

        // Nobody waits any more whom they could go to.
        while (_line.TryGet(out var left))
        {
            _giveBack(left);
        }

        Array.ForEach(hasty, static entry => entry.Refuse());
    }

    // What was taken, and what has a delay, is to be had at a time that the server knows; it forgets by and by that somebody waits.
    private void Wait(TimeSpan pause)
    {
        var longest = _of.Owner.Options.KeepFor / 2;
        _timer.Disposable = _isMore ? Disposable.Empty : _of.Hub.Schedule(pause < TimeSpan.Zero || pause > longest ? longest : pause + TimeSpan.FromMilliseconds(1), More);
    }

    /// <summary>One who waits.</summary>
    private sealed class Entry(Consumers<T> consumers, IObserver<Delivery<T>> observer, bool waiting, TimeSpan timeout) : IObserver<Delivery<T>>, IDisposable
    {
        private readonly SingleAssignmentDisposable _subscription = new();

        public bool IsOver { get; private set; }

        public TimeSpan Timeout => timeout;

        public IDisposable? Listening { get; set; }

        public bool IsNowOrNever => !waiting || timeout == TimeSpan.Zero;

        public void Begin(Awaitable<Delivery<T>> line) => _subscription.Disposable = line.Subscribe(this);

        public void OnNext(Delivery<T> value)
        {
            End();
            observer.OnNext(value);
        }

        public void OnCompleted() => observer.OnCompleted();

        public void OnError(Exception error)
        {
            End();
            observer.OnError(error is QueueTimeoutException late ? new QueueTimeoutException(consumers.ToString(), late.Timeout, late.Waiters) : error);
        }

        /// <summary>There is none now.</summary>
        public void Refuse() => Fail(waiting
            ? new QueueTimeoutException(consumers.ToString(), TimeSpan.Zero, consumers.Count)
            : new QueueEmptyException(consumers.ToString()));

        public void Fail(Exception error)
        {
            if (IsOver)
            {
                return;
            }

            _subscription.Dispose();
            OnError(error);
        }

        public void Dispose()
        {
            _subscription.Dispose();
            consumers._of.Hub.Within(End);
        }

        private void End()
        {
            IsOver = true;
            Listening?.Dispose();
            if (consumers._entries.Remove(this) && IsNowOrNever)
            {
                consumers._hasty--;
            }
        }
    }
}
