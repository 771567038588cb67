using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace Diesel.Reactive.Protocols;

/// <summary>What clients publish of their calls: one meter and one source of activities, named as the package.</summary>
/// <remarks>Source: OpenTelemetry semantic conventions 1.4x, "Database client metrics" and "Database client spans".</remarks>
internal static class ClientTelemetry
{
    public const string Name = "Diesel.Reactive.Protocols";

    private static readonly string? Version = typeof(ClientTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    /// <summary>Its spans.</summary>
    public static ActivitySource Activities { get; } = new(Name, Version);

    /// <summary>Its instruments.</summary>
    public static Meter Meter { get; } = new(Name, Version);

    /// <summary>Its pools of connections.</summary>
    public static PoolMeter Pools { get; } = new(Meter);

    /// <summary>How long calls took.</summary>
    public static Histogram<double> Duration { get; } = Seconds("db.client.operation.duration", "Duration of database client operations.");

    /// <summary>Whether somebody wants to know.</summary>
    public static bool IsObserved => Duration.Enabled || Activities.HasListeners();

    /// <summary>The same call, measured for each who awaits it.</summary>
    public static Awaitable<T> Measured<T>(this Awaitable<T> call, CallSite site, string operation, int batchSize = 1) =>
        new MeasuredCall<T>(_ => call, site, operation, batchSize, text: null).ToAwaitable(operation);

    /// <summary>The same of a call that notes how often it is sent.</summary>
    /// <param name="call">Makes it, for each who awaits it; of what it is given it says when it is written.</param>
    /// <param name="site">Where it goes.</param>
    /// <param name="operation">What it is called.</param>
    /// <param name="batchSize">How many are sent together.</param>
    /// <param name="text">What is asked, without any value; null: that is not told.</param>
    public static Awaitable<T> Measured<T>(Func<Attempts?, Awaitable<T>> call, CallSite site, string operation, int batchSize, Func<string>? text) =>
        new MeasuredCall<T>(call, site, operation, batchSize, text).ToAwaitable(operation);

    /// <summary>Makes an instrument for lengths of time.</summary>
    public static Histogram<double> Seconds(string name, string description) => Seconds(Meter, name, description);

    /// <summary>Makes one of another meter.</summary>
    public static Histogram<double> Seconds(Meter meter, string name, string description) => meter.CreateHistogram(
        name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] });
}
