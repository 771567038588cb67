namespace Diesel.Reactive.Protocols.Http;

/// <summary>Tells observers that are the user's: whoever throws is shown, and the connection, and others' requests on it, are not harmed.</summary>
internal static class HttpObservers
{
    /// <summary>Gives one value.</summary>
    /// <returns>False: it threw, and is to get no more.</returns>
    public static bool TryTell<T>(this IObserver<T> observer, T value, Hub hub, object who)
    {
        try
        {
            observer.OnNext(value);
            return true;
        }
        catch (Exception error)
        {
            // The observer is the user's.
            hub.Report(error, $"{who}");
            return false;
        }
    }

    /// <summary>Ends it.</summary>
    public static void TellEnd<T>(this IObserver<T> observer, Exception? failure, Hub hub, object who)
    {
        try
        {
            if (failure is null)
            {
                observer.OnCompleted();
            }
            else
            {
                observer.OnError(failure);
            }
        }
        catch (Exception error)
        {
            // The observer is the user's.
            hub.Report(error, $"{who}");
        }
    }
}
