namespace Diesel.Reactive;

/// <summary>
/// How a hub's coordination objects hand values over. The value is the waiter's at once, so that the order of calls decides
/// every race; a loop that awaits it runs on in a turn of its own, so that a <c>Put</c> or a <c>Set</c> never runs another
/// loop inside the call, chains of loops do not nest, and loops that find a value ready take turns.
/// </summary>
internal sealed class Pace(Hub hub, Turns turns)
{
    // Values that are taken without giving way, per turn: tokio's cooperative budget.
    private const int Budget = 128;

    private long _turn = -1;
    private int _left;

    /// <summary>Whether a value is being handed over now: loops resume later.</summary>
    public bool IsDelivering { get; private set; }

    /// <summary>Whether an await begins now that is to let others go first, though its value is there.</summary>
    public bool IsYielding { get; private set; }

    /// <summary>Waits for a value so that a loop goes on in a turn of its own, though it may be there.</summary>
    public Awaiter<T> Yield<T>(Awaitable<T> source)
    {
        IsYielding = true;
        try
        {
            return new Awaiter<T>(Suspension<T>.For(source));
        }
        finally
        {
            IsYielding = false;
        }
    }

    /// <summary>Whether a loop may go on with a value that is ready, instead of giving way to the others first.</summary>
    public bool TryGoOn()
    {
        if (_turn != turns.Epoch)
        {
            (_turn, _left) = (turns.Epoch, Budget);
        }

        return _left-- > 0;
    }

    /// <summary>Gives an observer its one value. What it throws is its own: the caller goes on.</summary>
    public void DeliverLast<T>(IObserver<T> observer, T value)
    {
        var outer = IsDelivering;
        IsDelivering = true;
        try
        {
            observer.OnNext(value);
            observer.OnCompleted();
        }
        catch (Exception error)
        {
            hub.Report(error, Describe(observer));
        }
        finally
        {
            IsDelivering = outer;
        }
    }

    /// <summary>Gives an observer one of many values; false when it threw, and is to get no more.</summary>
    public bool TryDeliver<T>(IObserver<T> observer, T value)
    {
        var outer = IsDelivering;
        IsDelivering = true;
        try
        {
            observer.OnNext(value);
            return true;
        }
        catch (Exception error)
        {
            hub.Report(error, Describe(observer));
            return false;
        }
        finally
        {
            IsDelivering = outer;
        }
    }

    /// <summary>Ends an observer without a value: with an error, or just so.</summary>
    public void End<T>(IObserver<T> observer, Exception? end)
    {
        var outer = IsDelivering;
        IsDelivering = true;
        try
        {
            if (end is null)
            {
                observer.OnCompleted();
            }
            else
            {
                observer.OnError(end);
            }
        }
        catch (Exception error)
        {
            hub.Report(error, Describe(observer));
        }
        finally
        {
            IsDelivering = outer;
        }
    }

    private static string Describe(object observer) => $"an observer ({observer.GetType().Name})";
}
