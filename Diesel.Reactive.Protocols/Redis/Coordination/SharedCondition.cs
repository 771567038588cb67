using System.Reactive;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Whether something at the server is so, for those who wait here until it is.</summary>
internal sealed class SharedCondition : IDisposable
{
    private readonly SharedObject _of;
    private readonly Outbox _outbox;
    private readonly Func<IObservable<bool>> _look;
    private readonly Event _isSo;
    private readonly Subject<Exception> _failures = new();
    private readonly ObjectChannel _channel;

    /// <param name="of">Whose.</param>
    /// <param name="outbox">What is asked before a wait is over before it begins.</param>
    /// <param name="told">Heeds a message.</param>
    /// <param name="look">Asks how it is, and heeds the reply.</param>
    public SharedCondition(SharedObject of, Outbox outbox, Action<Bytes> told, Func<IObservable<bool>> look)
    {
        (_of, _outbox, _look, _isSo) = (of, outbox, look, new Event(of.Hub));
        _channel = of.Channel(told, Look, _failures.OnNext);
    }

    /// <summary>What those who wait are told instead.</summary>
    public IObservable<Exception> Failures => _failures;

    /// <summary>As far as one knows here. The hub's thread only.</summary>
    public void Heed(bool isSo)
    {
        if (isSo)
        {
            _isSo.Set();
        }
        else
        {
            _isSo.Clear();
        }
    }

    public Awaitable<Unit> Wait(TimeSpan? timeout)
    {
        var span = timeout ?? Timeout.InfiniteTimeSpan;
        ArgumentOutOfRangeException.ThrowIfLessThan(span, span == Timeout.InfiniteTimeSpan ? span : TimeSpan.Zero, nameof(timeout));
        return span == TimeSpan.Zero
            ? IsSo().Select(isSo => isSo ? Unit.Default : throw Late(span)).ToAwaitable($"asking {_of}")
            : Observable.Create<Unit>(observer => Behind(observer.OnError, () => Enter(observer))).ToAwaitable($"waiting for {_of}").Timeout(span, _ => Late(span), _of.Hub);
    }

    /// <summary>Whether it is so, behind what was asked before: cold.</summary>
    public Awaitable<bool> IsSo() => Observable.Create<bool>(observer => Behind(observer.OnError, () => _look().Subscribe(observer))).ToAwaitable($"asking {_of}");

    /// <summary>Listens, and looks first, until the result is disposed. The hub's thread only.</summary>
    public IDisposable Listen()
    {
        if (_of.IsDisposed)
        {
            _failures.OnNext(_of.Ended());
            return Disposable.Empty;
        }

        var isOpen = _channel.IsOpen;
        var listening = _channel.Use();
        if (isOpen)
        {
            Look();
        }

        return listening;
    }

    public void Dispose()
    {
        _channel.Dispose();
        _failures.OnNext(_of.Ended());
    }

    private CompositeDisposable Behind(Action<Exception> fail, Func<IDisposable> begin)
    {
        var entered = new CompositeDisposable();
        if (!_of.Hub.Within(() => _outbox.Behind(Begin)))
        {
            fail(_of.Ended());
        }

        return entered;

        void Begin()
        {
            if (_of.IsDisposed)
            {
                fail(_of.Ended());
            }
            else if (!entered.IsDisposed)
            {
                entered.Add(begin());
            }
        }
    }

    // What one knew before nobody told of changes is not known any more.
    private CompositeDisposable Enter(IObserver<Unit> observer)
    {
        if (!_channel.IsOpen)
        {
            _isSo.Clear();
        }

        return [_failures.Subscribe(observer.OnError), _isSo.Wait().Subscribe(observer), _channel.Use()];
    }

    private void Look() => _look().Subscribe(static _ => { }, _failures.OnNext);

    private TimeoutException Late(TimeSpan span) => new(span == TimeSpan.Zero ? $"{_of} is not set." : $"{_of} was not set within {span}.");
}
