namespace Diesel.Reactive.AspNetCore;

/// <summary>What an application wants called before its response starts, or behind it: the last that was given first, and it may give more.</summary>
internal struct ResponseCallbacks
{
    private Stack<(Func<object, Task> Callback, object State)>? _callbacks;

    public readonly bool HasAny => _callbacks is { Count: > 0 };

    public void Add(Func<object, Task> callback, object state) => (_callbacks ??= []).Push((callback, state));

    public readonly bool TryTake(out (Func<object, Task> Callback, object State) next)
    {
        next = default;
        return _callbacks is not null && _callbacks.TryPop(out next);
    }

    public readonly void Clear() => _callbacks?.Clear();
}
