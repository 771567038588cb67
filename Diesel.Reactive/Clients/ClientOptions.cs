namespace Diesel.Reactive;

/// <summary>How a <see cref="Client"/> dials, and what bounds its calls.</summary>
public record ClientOptions : TcpConnectOptions
{
    private readonly int _maxQueuedCalls = 10_000;

    /// <summary>Calls that may wait for their turn; one more fails with <see cref="InvalidOperationException"/>. Default
    /// 10 000.</summary>
    public int MaxQueuedCalls { get => _maxQueuedCalls; init => _maxQueuedCalls = Setting.Positive(value); }

    internal static new ClientOptions Default { get; } = new();
}
