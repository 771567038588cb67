namespace Diesel.Reactive;

/// <summary>One subscription that reads a <see cref="Readable"/>: one item, or all.</summary>
/// <remarks>Who takes its last one detaches before it is delivered, so what it triggers may read on at once.</remarks>
internal abstract class Reader<T>(IObserver<T> observer) : IReader, IDisposable
{
    // Null once it has left: one field, as every awaited line that has to wait makes one of these.
    private volatile IObserver<T>? _observer = observer;

    public abstract Readable Source { get; }

    public abstract bool IsStream { get; }

    public bool IsAhead => false;

    public virtual Exception? Failure => null;

    public virtual bool IsOwed => false;

    public virtual bool TrustsEnd => false;

    public virtual long Missing => 0;

    public virtual long Taken => 0;

    public bool HasLeft => _observer is null;

    public virtual bool HasHadItsShare => false;

    /// <summary>Who is told; null once it has left.</summary>
    protected IObserver<T>? Observer => _observer;

    /// <summary>Whether the item that was taken last is the last.</summary>
    protected virtual bool IsAtLast => !IsStream;

    /// <summary>Begins to read.</summary>
    public Reader<T> Attach()
    {
        Source.Attach(this);
        return this;
    }

    public virtual void Waits()
    {
    }

    public virtual bool TryDeliver()
    {
        if (_observer is not { } present || !TryTake(out var item))
        {
            return false;
        }

        if (!IsAtLast)
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

    public bool TryMakeWay() => false;

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
