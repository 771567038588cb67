using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Diesel.Reactive;

/// <summary>The library's <see cref="System.Diagnostics.Metrics.Meter"/> and <see cref="ActivitySource"/>, and the instruments of hubs. Each room below has instruments of
/// its own, made when the first of its things is.</summary>
/// <remarks>Nearly all observe: they read, when somebody asks, what is counted anyway. Nothing else is done without a listener.</remarks>
internal static class HubMeter
{
    public const string HubName = "diesel.hub.name";
    public const string ErrorKind = "diesel.error.kind";

    private const string Name = "Diesel.Reactive";

    private static readonly string? Version = typeof(HubMeter).Assembly.GetName().Version?.ToString(3);
    private static readonly Lock Gate = new();
    private static readonly List<(WeakReference<Hub> Hub, string Name)> Known = [];
    private static readonly Dictionary<string, int> Numbers = [];
    private static int _roomy = 16;

    static HubMeter()
    {
        Meter.CreateObservableCounter("diesel.hub.turns", () => OfEachHub(static hub => (long?)hub.Sight.Turns), "{turn}", "Turns that have been run.");
        Meter.CreateObservableGauge("diesel.hub.turn.longest", () => OfEachHub(static hub => hub.Sight.LongestTurn?.TotalSeconds), "s", "The longest turn of the last half to whole minute.");
        Meter.CreateObservableGauge(
            "diesel.hub.lag", () => OfEachHub(static hub => hub.Sight.LookForLag()?.TotalSeconds), "s", "How long a turn that was asked for has waited: it has come, or is still waited for.");
        Meter.CreateObservableUpDownCounter("diesel.hub.queued", () => OfEachHub(static hub => (long?)hub.Sight.Queued), "{item}", "Work that waits for the next turn.");
        Meter.CreateObservableUpDownCounter("diesel.hub.timers", () => OfEachHub(static hub => (long?)hub.Sight.TimerCount), "{timer}", "Timers that wait.");
        Meter.CreateObservableUpDownCounter("diesel.hub.loops", () => OfEachHub(static hub => (long?)hub.Roots.Count), "{loop}", "Loops that stand alone and have not ended.");
        Meter.CreateObservableCounter("diesel.hub.errors", ErrorsOfEachHub, "{error}", "Errors with nobody to receive them, by whose doing they are.");
    }

    public static Meter Meter { get; } = new(Name, Version);

    public static ActivitySource Source { get; } = new(Name, Version);

    /// <summary>The hubs that live.</summary>
    public static IReadOnlyList<Hub> Hubs
    {
        get
        {
            lock (Gate)
            {
                return [.. Living().Select(static known => known.Hub)];
            }
        }
    }

    /// <summary>From now on a hub is observed, under its name; one that is taken is numbered.</summary>
    public static string Watch(Hub hub, string name)
    {
        lock (Gate)
        {
            if (Known.Count >= _roomy)
            {
                Known.RemoveAll(static known => !known.Hub.TryGetTarget(out var each) || each.IsDisposed);
                _roomy = Math.Max(16, Known.Count * 2);
            }

            var free = FreeName(name);
            Known.Add((new WeakReference<Hub>(hub), free));
            return free;
        }
    }

    /// <summary>One measurement of each hub that has any.</summary>
    public static IEnumerable<Measurement<T>> OfEachHub<T>(Func<Hub, T?> measure)
        where T : struct
    {
        foreach (var hub in Hubs)
        {
            if (measure(hub) is { } value)
            {
                yield return Measured(value, Tag(hub));
            }
        }
    }

    public static Measurement<T> Measured<T>(T value, params KeyValuePair<string, object?>[] tags)
        where T : struct => new(value, tags);

    public static KeyValuePair<string, object?> Tag(Hub hub) => new(HubName, hub.Sight.Name);

    private static IEnumerable<Measurement<long>> ErrorsOfEachHub() =>
        from hub in Hubs
        from kind in Enum.GetValues<HubErrorKind>()
        select Measured(hub.Sight.ErrorCount(kind), Tag(hub), new(ErrorKind, SnakeCase.Of(kind)));

    // Names are not used again while the first of the name lives, so that one's numbers are not taken for another's.
    private static string FreeName(string name)
    {
        if (!Living().Any(known => known.Name == name))
        {
            return name;
        }

        var number = Numbers.GetValueOrDefault(name, 1) + 1;
        Numbers[name] = number;
        return $"{name} #{number}";
    }

    private static IEnumerable<(Hub Hub, string Name)> Living()
    {
        foreach (var (reference, name) in Known)
        {
            if (reference.TryGetTarget(out var hub) && !hub.IsDisposed)
            {
                yield return (hub, name);
            }
        }
    }
}
