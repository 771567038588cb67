using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Diesel.Reactive.Tests;

/// <summary>What .NET's own listeners hear of some meters and sources, for as long as this is there.</summary>
internal sealed class Heard : IDisposable
{
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;

    /// <param name="meter">Whose instruments.</param>
    /// <param name="source">Whose spans; null: none.</param>
    public Heard(string meter, string? source = null)
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == meter)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = each => each.Name == source,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Spans.Add,
        };
        ActivitySource.AddActivityListener(_activities);
    }

    /// <summary>Each measurement: instrument, value and tags in the order of their names.</summary>
    public List<string> Measurements { get; } = [];

    /// <summary>Spans that have ended.</summary>
    public List<Activity> Spans { get; } = [];

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Measurements.Add(string.Join(' ',
        [instrument.Name, value.ToString("0.##", CultureInfo.InvariantCulture), .. tags.ToArray().OrderBy(static tag => tag.Key, StringComparer.Ordinal).Select(static tag => $"{tag.Key}={tag.Value}")]));
}
