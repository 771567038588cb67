namespace Diesel.Reactive.Testing;

/// <summary>What a scenario says of when faults may strike.</summary>
internal sealed class FaultLimits
{
    private readonly Dictionary<FaultKind, List<Limit>> _limits = [];
    private readonly Dictionary<FaultKind, int> _lasting = [];

    public void Add(FaultKind kind, int atOnce, TimeSpan? upTo, Func<bool>? when)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(atOnce);
        ArgumentOutOfRangeException.ThrowIfLessThan(upTo ?? TimeSpan.Zero, TimeSpan.Zero, nameof(upTo));
        if ((atOnce != int.MaxValue || upTo is not null) && kind is < FaultKind.Stall or FaultKind.Crash)
        {
            throw new ArgumentException($"A fault of the kind {kind} is over at once: of those there are never two at a time, and none lasts.", nameof(kind));
        }

        if (!_limits.TryGetValue(kind, out var limits))
        {
            _limits.Add(kind, limits = []);
        }

        limits.Add(new(atOnce, upTo, when));
    }

    /// <summary>Whether one may strike now.</summary>
    public bool Admits(FaultKind kind) => !_limits.TryGetValue(kind, out var limits)
        || limits.TrueForAll(limit => _lasting.GetValueOrDefault(kind) < limit.AtOnce && limit.When?.Invoke() != false);

    /// <summary>The same, with the shortest time that one may last.</summary>
    public Fault Shortened(Fault fault) => _limits.TryGetValue(fault.Kind, out var limits) && fault.Lasts is { } lasts
        ? fault with { Lasts = limits.Aggregate(lasts, static (least, limit) => limit.UpTo < least ? limit.UpTo.Value : least) } : fault;

    /// <summary>One that lasts has begun (1) or ended (-1).</summary>
    public void Count(FaultKind kind, int change) => _lasting[kind] = _lasting.GetValueOrDefault(kind) + change;

    private sealed record Limit(int AtOnce, TimeSpan? UpTo, Func<bool>? When);
}
