using System.Reactive;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary><see cref="PoolOptions{T}.Watch"/> of one item, from becoming idle until it is lent or closed.</summary>
internal sealed class ItemWatch<T>(Hub hub, PoolItem<T> item, Action<PoolItem<T>> gone) : IObserver<Unit>, IDisposable
{
    private SingleAssignmentDisposableValue _subscription;
    private bool _over;

    public void Begin(PoolOptions<T> options)
    {
        try
        {
            _subscription.Disposable = (options.Watch!(item.Value) ?? throw NothingGiven.Observable($"the Watch of the {options.Name}")).Subscribe(this);
        }
        catch (Exception error)
        {
            hub.Report(error, options.Name);
            Tell();
        }
    }

    public void OnNext(Unit value) => Tell();

    public void OnError(Exception error) => Tell();

    public void OnCompleted() => Tell();

    public void Dispose()
    {
        _over = true;
        _subscription.Dispose();
    }

    // What was lent or closed meanwhile is not its affair any more.
    private void Tell() => hub.Invoke(static w => ((ItemWatch<T>)w!).TellHere(), this);

    private void TellHere()
    {
        if (!_over)
        {
            Dispose();
            gone(item);
        }
    }
}
