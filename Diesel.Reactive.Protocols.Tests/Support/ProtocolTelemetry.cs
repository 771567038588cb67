using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Diesel.Reactive.Tests;

/// <summary>What OpenTelemetry's SDK hears of the protocols while something happens.</summary>
internal static class ProtocolTelemetry
{
    /// <summary>The points of an instrument, of what happened meanwhile.</summary>
    public static MetricPoint[] Metrics(Action during, string name)
    {
        var exported = new List<Metric>();
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter("Diesel.Reactive.Protocols").AddInMemoryExporter(exported).Build();
        during();
        provider.ForceFlush();
        var points = new List<MetricPoint>();
        foreach (ref readonly var point in exported.Single(metric => metric.Name == name).GetMetricPoints())
        {
            points.Add(point);
        }

        return [.. points];
    }

    /// <summary>The spans that ended meanwhile, in that order.</summary>
    public static List<Activity> Spans(Action during)
    {
        var exported = new List<Activity>();
        using var provider = Sdk.CreateTracerProviderBuilder().AddSource("Diesel.Reactive.Protocols").AddInMemoryExporter(exported).Build();
        during();
        provider.ForceFlush();
        return exported;
    }

    /// <summary>A point's attributes by name: <c>a=1 b=2</c>.</summary>
    public static string Attributes(MetricPoint point)
    {
        var all = new List<string>();
        foreach (var tag in point.Tags)
        {
            all.Add($"{tag.Key}={tag.Value}");
        }

        return string.Join(' ', all.Order(StringComparer.Ordinal));
    }
}
