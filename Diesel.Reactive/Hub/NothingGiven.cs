namespace Diesel.Reactive;

/// <summary>User code returned null.</summary>
internal static class NothingGiven
{
    public static InvalidOperationException Observable(object by) => new(
        $"{by} returned null instead of an observable: return Observable.Empty<T>() when there is nothing to give.");

    public static InvalidOperationException Task(object by) => new(
        $"{by} returned null instead of a task: make it an async method, or return Task.CompletedTask.");
}
