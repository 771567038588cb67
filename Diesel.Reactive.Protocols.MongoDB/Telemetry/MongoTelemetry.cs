using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What clients publish of their calls: one meter and one source of activities, named as the package.</summary>
/// <remarks>Source: OpenTelemetry semantic conventions 1.4x, "Database client metrics", "Database client spans" and "MongoDB".</remarks>
internal static class MongoTelemetry
{
    public const string Name = "Diesel.Reactive.Protocols.MongoDB";

    private static readonly string? Version = typeof(MongoTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    public static ActivitySource Activities { get; } = new(Name, Version);

    public static Meter Meter { get; } = new(Name, Version);

    /// <summary>How long calls took.</summary>
    public static Histogram<double> Duration { get; } = Seconds("db.client.operation.duration", "Duration of database client operations.");

    /// <summary>Whether somebody wants to know of calls.</summary>
    public static bool IsObserved => Duration.Enabled || Activities.HasListeners();

    public static Histogram<double> Seconds(string name, string description) => Meter.CreateHistogram(
        name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] });
}
