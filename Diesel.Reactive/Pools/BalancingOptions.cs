namespace Diesel.Reactive;

/// <summary>How calls are spread over several endpoints, and when one of them gets none.</summary>
public sealed record BalancingOptions
{
    private readonly Balancing _policy;
    private readonly int _ejectAfter = 3;

    /// <summary>Which endpoint gets the next call; default: <see cref="Balancing.PowerOfTwoChoices"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such policy.</exception>
    public Balancing Policy
    {
        get => _policy;
        init => _policy = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Policy), value, $"There is no {nameof(Balancing)} {value}.");
    }

    /// <summary>How often an endpoint fails in a row before it gets no more calls for a while; default 3.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or less.</exception>
    public int EjectAfter { get => _ejectAfter; init => _ejectAfter = Setting.Positive(value); }

    /// <summary>For how long an endpoint gets no calls before it is tried by itself (probed), longer each time the probe fails, and anew with
    /// the first when it was well for long. Default: drawn up to 1 s, doubled up to 1 min.</summary>
    public Backoff Ejection { get; init; } = new() { First = TimeSpan.FromSeconds(1), Most = TimeSpan.FromMinutes(1), ResetAfter = TimeSpan.FromMinutes(1) };

    /// <summary>Whether what a use failed with says that its endpoint is in trouble. Null, the default: the network's failures
    /// (<see cref="IOException"/>, which <see cref="ConnectionException"/> is) and <see cref="TimeoutException"/>. What it throws is reported,
    /// and means no.</summary>
    public Func<Exception, bool>? IsFailure { get; init; }

    internal static BalancingOptions Default { get; } = new();
}
