namespace Diesel.Reactive;

/// <summary>One item of a pool, lent or idle.</summary>
internal sealed class PoolItem<T>(T value, TimeSpan born)
{
    public T Value => value;

    public TimeSpan Born => born;

    public TimeSpan IdleSince { get; set; }

    /// <summary>Who watches it while it is idle.</summary>
    public IDisposable? Watch { get; set; }
}
