namespace Diesel.Reactive;

/// <summary>Between a source that pushes and a loop that pulls: a bounded queue, and a hold on the source when it can be held.</summary>
internal sealed class PullBridge<T> : IObserver<T>, IDisposable
{
    private readonly AsyncQueue<T> _queue;
    private readonly IPausable? _pausable;
    private readonly Overflow _overflow;
    private readonly Hub _hub;
    private readonly IDisposable _subscription;
    private IDisposable? _hold;

    public PullBridge(IObservable<T> source, int capacity, Overflow overflow, Hub hub)
    {
        (_pausable, _overflow, _hub) = (source as IPausable, overflow, hub);
        _queue = new AsyncQueue<T>(capacity, overflow, hub) { Taken = Release };
        _subscription = source.Subscribe(this);
    }

    public Awaitable<T> Get() => _queue.Get();

    public void OnNext(T value) => _hub.Invoke(() => Add(value));

    public void OnError(Exception error) => _hub.Invoke(() => _queue.End(error));

    public void OnCompleted() => _queue.Complete();

    public void Dispose()
    {
        _subscription.Dispose();
        _hub.Invoke(Release);
    }

    private void Add(T value)
    {
        if (!_queue.TryPut(value))
        {
            if (_overflow != Overflow.Fail)
            {
                _queue.Put(value);
                return;
            }

            _queue.End(new QueueFullException("the buffer of ReadAllAsync", _queue.Capacity, QueueFullException.OfPulledSource));
            _subscription?.Dispose();
            return;
        }

        if (_pausable is not null && _queue.Count == _queue.Capacity)
        {
            _hold ??= _pausable.Pause();
        }
    }

    private void Release()
    {
        if (_hold is { } hold)
        {
            _hold = null;
            hold.Dispose();
        }
    }
}
