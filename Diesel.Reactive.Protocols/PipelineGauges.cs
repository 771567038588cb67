using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Diesel.Reactive.Protocols;

/// <summary>Publishes the numbers of all pipelines there are.</summary>
internal static class PipelineGauges
{
    private static readonly ConditionalWeakTable<object, Pipe> Pipes = [];

    static PipelineGauges()
    {
        Publish("in_flight", "{call}", "Calls that are written and not answered.", static counts => counts.InFlight);
        Publish("queued", "{call}", "Calls that wait to be written.", static counts => counts.Queued);
        Publish("abandoned", "{call}", "Calls in flight that nobody waits for.", static counts => counts.Abandoned);
        Publish("drained", "By", "Bytes read for calls that nobody waited for.", static counts => counts.DrainedBytes);
    }

    /// <summary>Publishes a pipeline's numbers as long as its client lives.</summary>
    public static void Add(object client, CallSite site, Func<PipelineCounts> counts) => Pipes.Add(client, new(site, counts));

    public static void Remove(object client) => Pipes.Remove(client);

    // Of several clients of one server the sum: a reader of measurements knows them by their attributes alone.
    private static void Publish(string name, string unit, string description, Func<PipelineCounts, long> number) => ClientTelemetry.Meter.CreateObservableUpDownCounter(
        $"diesel.pipeline.{name}",
        () => Pipes.Select(static pipe => pipe.Value).GroupBy(static pipe => pipe.Site.Server)
            .Select(same => new Measurement<long>(same.Sum(pipe => number(pipe.Counts())), same.First().Site.Place)),
        unit, description);

    private sealed record Pipe(CallSite Site, Func<PipelineCounts> Counts);
}
