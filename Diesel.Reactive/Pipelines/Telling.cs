namespace Diesel.Reactive;

/// <summary>Tells the caller of a call. What it throws is reported, and is nobody else's: a pipeline has many callers.</summary>
internal static class Telling
{
    /// <summary>A value; false: the observer threw, and is to get no more.</summary>
    public static bool TryNext<T>(IObserver<T> observer, T value, object call)
    {
        try
        {
            observer.OnNext(value);
            return true;
        }
        catch (Exception thrown)
        {
            Report(thrown, call);
            return false;
        }
    }

    public static void Completed<T>(IObserver<T>? observer, object call)
    {
        try
        {
            observer?.OnCompleted();
        }
        catch (Exception thrown)
        {
            Report(thrown, call);
        }
    }

    public static void Error<T>(IObserver<T>? observer, Exception error, object call)
    {
        try
        {
            observer?.OnError(error);
        }
        catch (Exception thrown)
        {
            Report(thrown, call);
        }
    }

    /// <summary>A call that is over without a reply.</summary>
    public static void Fail<TReply>(Call<TReply> call, Exception error)
    {
        try
        {
            call.Fail(error);
        }
        catch (Exception thrown)
        {
            Report(thrown, call);
        }
    }

    /// <summary>Whether a call says that it may be sent again.</summary>
    public static bool IsRepeatable<TReply>(Call<TReply> call)
    {
        try
        {
            return call.IsRepeatable;
        }
        catch (Exception thrown)
        {
            Report(thrown, call);
            return false;
        }
    }

    /// <summary>What a caller has set in its <see cref="AsyncLocal{T}"/>s is not seen by the next.</summary>
    public static void Restore(ExecutionContext? flow)
    {
        if (flow is not null && ExecutionContext.Capture() != flow)
        {
            ExecutionContext.Restore(flow);
        }
    }

    public static void Report(Exception thrown, object call) => Hub.Current?.Report(thrown, Label.Of(call));
}
