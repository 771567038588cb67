using System.Diagnostics.Metrics;

namespace Diesel.Reactive;

/// <summary>The instruments of pipelines, those to one server together.</summary>
internal static class PipelineMeter
{
    static PipelineMeter()
    {
        var meter = HubMeter.Meter;
        meter.CreateObservableUpDownCounter("diesel.pipeline.count", () => OfEach(static _ => 1), "{pipeline}", "Pipelines that are open.");
        meter.CreateObservableUpDownCounter("diesel.pipeline.in_flight", () => OfEach(static counts => counts.InFlight), "{call}", "Calls that are written and not answered.");
        meter.CreateObservableUpDownCounter("diesel.pipeline.queued", () => OfEach(static counts => counts.Queued), "{call}", "Calls that wait to be written.");
        meter.CreateObservableUpDownCounter("diesel.pipeline.abandoned", () => OfEach(static counts => counts.Abandoned), "{call}", "Calls in flight that nobody waits for.");
    }

    /// <summary>There is one to observe: it is known by its connection.</summary>
    public static void Begin()
    {
    }

    /// <summary>The pipelines of a hub.</summary>
    public static IEnumerable<IPipelineView> Of(Hub hub) =>
        hub.Sight.ResourcesOf<ConnectionLife>().Select(static life => life.Input.Connection.Asker).OfType<IPipelineView>();

    private static IEnumerable<Measurement<long>> OfEach(Func<PipelineCounts, long> measure) =>
        from hub in HubMeter.Hubs
        from pipeline in Of(hub)
        group pipeline.Counts by (Hub: hub, Server: pipeline.Connection.RemoteEndPoint) into server
        select HubMeter.Measured(server.Sum(measure), [HubMeter.Tag(server.Key.Hub), .. EndPointTags.Of(server.Key.Server)]);
}
