namespace Diesel.Reactive.AspNetCore;

/// <summary>What an application wants called before its response starts, or behind it: the last that was given first, and it may give more.</summary>
internal struct ResponseCallbacks
{
    private Stack<(Func<object, Task> Callback, object State)>? _callbacks;

    public readonly bool HasAny => _callbacks is { Count: > 0 };

    public void Add(Func<object, Task> callback, object state) => (_callbacks ??= []).Push((callback, state));

    /// <summary>Calls them, where there are any.</summary>
    /// <param name="tell">Told what one of them throws, behind which the others are called; null: that ends it.</param>
    public readonly async ValueTask Call(Action<Exception>? tell = null)
    {
        while (_callbacks!.TryPop(out var next))
        {
            try
            {
                await next.Callback(next.State);
            }
            catch (Exception error) when (tell is not null)
            {
                tell(error);
            }
        }
    }

    public readonly void Clear() => _callbacks?.Clear();
}
