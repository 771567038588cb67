namespace Diesel.Reactive;

/// <summary>One subscription that reads a <see cref="Readable"/>: one item, or all.</summary>
/// <remarks>Who takes one detaches before it is delivered, so what it triggers may read on at once.</remarks>
internal abstract class Reader<T>(IObserver<T> observer) : IReader, IDisposable
{
    // Null once it has left: one field, as every awaited line that has to wait makes one of these.
    private volatile IObserver<T>? _observer = observer;

    public abstract Readable Source { get; }

    public abstract bool IsStream { get; }

    public virtual Exception? Failure => null;

    public bool HasLeft => _observer is null;

    /// <summary>Begins to read.</summary>
    public Reader<T> Attach()
    {
        Source.Attach(this);
        return this;
    }

    public bool TryDeliver()
    {
        if (_observer is not { } present || !TryTake(out var item))
        {
            return false;
        }

        if (IsStream)
        {
            present.OnNext(item);
            return true;
        }

        Source.Detach(this);
        present.OnNext(item);

        // Should its completion throw, it is not told that as well.
        _observer = null;
        present.OnCompleted();
        return true;
    }

    // On its way to be attached.
    public void HubEnded(ObjectDisposedException error) => Fail(error);

    public void Complete() => _observer?.OnCompleted();

    public void Fail(Exception error) => _observer?.OnError(error);

    public void Dispose()
    {
        _observer = null;
        Source.Leave(this);
    }

    public override string ToString() => Source.ToString()!;

    /// <summary>One item, if it is there.</summary>
    protected abstract bool TryTake(out T item);
}
