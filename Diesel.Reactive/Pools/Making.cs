using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>An item of a pool that is being made.</summary>
internal sealed class Making<T> : IObserver<T>
{
    private readonly PoolCore<T> _core;
    private bool _isOver;

    private Making(PoolCore<T> core) => _core = core;

    public static void Begin(PoolCore<T> core, IObservable<T> create)
    {
        var making = new Making<T>(core);
        try
        {
            create.Take(1).Subscribe(making);
        }
        catch (Exception error)
        {
            making.OnError(error);
        }
    }

    public void OnNext(T value)
    {
        _isOver = true;
        _core.Ready(new PoolItem<T>(value, _core.Hub.Elapsed), isNew: true);
    }

    public void OnError(Exception error)
    {
        if (!_isOver)
        {
            _isOver = true;
            _core.Failed(error);
        }
    }

    public void OnCompleted() => OnError(new InvalidOperationException($"What makes the items of the {_core} completed without one."));
}
