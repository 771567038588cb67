using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Diesel.Reactive.Tests;

/// <summary>What OpenTelemetry's SDK makes of the library's instruments and spans, for as long as this is there.</summary>
internal sealed class Telemetry : IDisposable
{
    private readonly List<Metric> _metrics = [];
    private readonly MeterProvider _meters;
    private readonly TracerProvider _tracers;

    /// <param name="sources">Whose spans, besides the library's.</param>
    public Telemetry(params string[] sources)
    {
        _meters = Sdk.CreateMeterProviderBuilder().AddMeter("Diesel.Reactive").AddInMemoryExporter(_metrics).Build();
        _tracers = Sdk.CreateTracerProviderBuilder().AddSource(["Diesel.Reactive", .. sources]).AddInMemoryExporter(Spans).Build();
    }

    public List<Activity> Spans { get; } = [];

    /// <summary>Every instrument that has been made and measured: name, unit and kind.</summary>
    public IReadOnlyList<string> Instruments => [.. Read().Select(metric => $"{metric.Name} {metric.Unit} {metric.MetricType}").Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The value of an instrument where all these tags are; null: nothing was measured there.</summary>
    public double? Value(string name, params IReadOnlyList<(string Key, object Value)> tags)
    {
        double? sum = null;
        foreach (var metric in Read().Where(metric => metric.Name == name))
        {
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                if (Has(point, tags))
                {
                    sum = (sum ?? 0) + ValueOf(metric, point);
                }
            }
        }

        return sum;
    }

    public double? Value(string name, Hub hub, params IReadOnlyList<(string Key, object Value)> tags) => Value(name, [("diesel.hub.name", hub.Sight.Name), .. tags]);

    public void Dispose()
    {
        _meters.Dispose();
        _tracers.Dispose();
    }

    private Metric[] Read()
    {
        _metrics.Clear();
        _meters.ForceFlush();
        return [.. _metrics];
    }

    private static bool Has(in MetricPoint point, IReadOnlyList<(string Key, object Value)> tags)
    {
        var present = new Dictionary<string, object?>();
        foreach (var (key, value) in point.Tags)
        {
            present[key] = value;
        }

        return tags.All(tag => present.TryGetValue(tag.Key, out var value) && Equals(value, tag.Value));
    }

    private static double ValueOf(Metric metric, in MetricPoint point) => metric.MetricType switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        MetricType.DoubleGauge => point.GetGaugeLastValueDouble(),
        MetricType.Histogram => point.GetHistogramCount(),
        _ => throw new NotSupportedException($"{metric.Name} is a {metric.MetricType}."),
    };
}
