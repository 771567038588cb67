namespace Diesel.Reactive.Tests;

/// <summary>One caller: what it was told, how often, and whether it had left by then. Any thread.</summary>
internal sealed class Receipt<T>(Func<T, bool> isOwn) : IObserver<T>
{
    private readonly AwaitableSource<Exception?> _over = new();
    private bool _hasLeft;
    private int _values;

    /// <summary>Not what it asked for, or told twice, or when it had left.</summary>
    public string? Wrong { get; private set; }

    /// <summary>How it ended: null for a value.</summary>
    public Awaitable<Exception?> Over => _over;

    public void Leave() => _hasLeft = true;

    public void OnNext(T value)
    {
        if (_hasLeft || ++_values > 1 || !isOwn(value))
        {
            Wrong ??= $"got {value}{(_hasLeft ? " when it had left" : "")}";
        }
    }

    public void OnError(Exception error) => End(error);

    public void OnCompleted() => End(_values == 1 ? null : new InvalidOperationException("It completed without a value."));

    private void End(Exception? error)
    {
        if (_hasLeft || !_over.TrySetResult(error))
        {
            Wrong ??= $"ended {(_hasLeft ? "when it had left" : "twice")}";
        }
    }
}
