using System.Runtime.CompilerServices;

namespace Diesel.Reactive.Protocols;

/// <summary>What bounds a client, whatever it speaks.</summary>
public abstract record ProtocolOptions : TcpConnectOptions
{
    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);
    private readonly int _maxInFlight = 1024;
    private readonly int _maxQueuedCalls = 10_000;
    private readonly long _maxQueuedBytes = 16 * 1024 * 1024;
    private readonly TimeSpan _reconnectDelay = TimeSpan.FromMilliseconds(50);
    private readonly TimeSpan _maxReconnectDelay = TimeSpan.FromSeconds(10);
    private readonly TimeSpan _maxReconnectTime = TimeSpan.FromSeconds(30);

    /// <summary>How long a call may take: waiting, connecting, writing and the reply together; of a stream, each request it sends. What a
    /// command waits by its own wish comes on top. <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: for ever. Default 5 s.</summary>
    public TimeSpan Timeout { get => _timeout; init => _timeout = Setting.PositiveOrInfinite(value); }

    /// <summary>Calls that are written and not answered, per connection; further ones wait. Default 1024, or the protocol's own.</summary>
    public int MaxInFlight { get => _maxInFlight; init => _maxInFlight = Setting.Positive(value); }

    /// <summary>Calls that may wait to be written; one more fails with <see cref="PipelineFullException"/>. Default 10 000.</summary>
    public int MaxQueuedCalls { get => _maxQueuedCalls; init => _maxQueuedCalls = Setting.Positive(value); }

    /// <summary>Bytes of the calls that wait to be written; one that goes past it while others wait fails with
    /// <see cref="PipelineFullException"/>. Default 16 MiB.</summary>
    public long MaxQueuedBytes { get => _maxQueuedBytes; init => _maxQueuedBytes = Setting.Positive(value); }

    /// <summary>How long to wait at most before the second attempt to connect; doubled with each further one. Each wait is drawn at random from
    /// zero to that, so that many clients do not come at once. Default 50 ms.</summary>
    public TimeSpan ReconnectDelay { get => _reconnectDelay; init => _reconnectDelay = Setting.Positive(value); }

    /// <summary>Where the doubling ends; default 10 s.</summary>
    public TimeSpan MaxReconnectDelay { get => _maxReconnectDelay; init => _maxReconnectDelay = Setting.Positive(value); }

    /// <summary>How long attempts to connect may go on while calls wait: then these fail with what the last attempt came to, and the client
    /// tries again when asked again. Default 30 s.</summary>
    public TimeSpan MaxReconnectTime { get => _maxReconnectTime; init => _maxReconnectTime = Setting.PositiveOrInfinite(value); }

    /// <summary>The same as the core says it.</summary>
    internal ReconnectOptions Reconnecting => new() { Backoff = new() { First = ReconnectDelay, Most = MaxReconnectDelay }, MaxWait = MaxReconnectTime };
}

/// <summary>Checks what options are set to.</summary>
internal static class Setting
{
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or less.</exception>
    public static T Positive<T>(T value, [CallerMemberName] string name = "")
        where T : struct, IComparable<T> =>
        value.CompareTo(default) > 0 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be greater than zero.");

    /// <exception cref="ArgumentOutOfRangeException">The value is zero or less, or more than there may be.</exception>
    public static int Within(int value, int most, [CallerMemberName] string name = "") =>
        value > 0 && value <= most ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be from 1 to {most}.");

    /// <summary>A length of time, or <see cref="Timeout.InfiniteTimeSpan"/>: no limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or less, and not infinite.</exception>
    public static TimeSpan PositiveOrInfinite(TimeSpan value, [CallerMemberName] string name = "") =>
        value == Timeout.InfiniteTimeSpan || value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(
            name, value, $"{name} must be greater than zero, or Timeout.InfiniteTimeSpan for no limit.");
}
