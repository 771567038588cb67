using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Twelve bugs of kinds that are known, each as small as it can be, and the same without it.</summary>
internal static class PlantedBugs
{
    /// <summary>Each by its name: planted where it is asked for so.</summary>
    public static IReadOnlyDictionary<string, Action<Simulation, bool>> All { get; } = new Dictionary<string, Action<Simulation, bool>>
    {
        ["lost wake-up"] = PlantedLocalBugs.LostWakeUp,
        ["lost update"] = PlantedNetworkBugs.LostUpdate,
        ["double apply after retry"] = PlantedNetworkBugs.DoubleApply,
        ["split brain"] = PlantedNetworkBugs.SplitBrain,
        ["stale read after failover"] = PlantedNetworkBugs.StaleRead,
        ["deadlock by lock order"] = PlantedLocalBugs.LockOrder,
        ["ABA"] = PlantedLocalBugs.Aba,
        ["missed cancellation"] = PlantedLocalBugs.MissedCancellation,
        ["reply mix-up"] = PlantedNetworkBugs.ReplyMixUp,
        ["half-close"] = PlantedNetworkBugs.HalfClose,
        ["back-pressure deadlock"] = PlantedNetworkBugs.BackPressure,
        ["same-instant race"] = PlantedLocalBugs.SameInstant,
    };
}
