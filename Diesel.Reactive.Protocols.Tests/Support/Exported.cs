using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Diesel.Reactive.Tests;

/// <summary>What OpenTelemetry's SDK hears of a meter and a source of one name, while something runs.</summary>
/// <param name="name">Of both.</param>
internal sealed class Exported(string name)
{
    /// <summary>The points of an instrument: attributes in order, and for a histogram how many, else the sum.</summary>
    public string[] Points(Action during, string instrument)
    {
        var exported = new List<Metric>();
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter(name).AddInMemoryExporter(exported).Build();
        during();
        provider.ForceFlush();
        var points = new List<string>();
        if (exported.SingleOrDefault(each => each.Name == instrument) is not { } metric)
        {
            return [];
        }

        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            points.Add($"{Attributes(point)}: {(metric.MetricType == MetricType.Histogram ? point.GetHistogramCount() : point.GetSumLong())}");
        }

        return [.. points.Order(StringComparer.Ordinal)];
    }

    /// <summary>The spans that ended.</summary>
    public List<Activity> Spans(Action during)
    {
        var exported = new List<Activity>();
        using var provider = Sdk.CreateTracerProviderBuilder().AddSource(name).AddInMemoryExporter(exported).Build();
        during();
        provider.ForceFlush();
        return exported;
    }

    private static string Attributes(in MetricPoint point)
    {
        var all = new List<string>();
        foreach (var tag in point.Tags)
        {
            all.Add($"{tag.Key}={tag.Value}");
        }

        return string.Join(' ', all.Order(StringComparer.Ordinal));
    }
}
