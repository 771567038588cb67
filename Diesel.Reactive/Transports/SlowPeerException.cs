namespace Diesel.Reactive;

/// <summary>A connection was ended because its peer was slower than required.</summary>
/// <param name="message">Which connection, how slow, and what was required.</param>
/// <param name="bytesPerSecond">How fast the peer was.</param>
/// <param name="required">How fast it had to be, in bytes per second.</param>
public sealed class SlowPeerException(string message, double bytesPerSecond, long required) : TimeoutException(message)
{
    /// <summary>How fast the peer was.</summary>
    public double BytesPerSecond { get; } = bytesPerSecond;

    /// <summary>How fast it had to be, in bytes per second.</summary>
    public long Required { get; } = required;
}
