using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>What resolvers publish: <c>dns.lookup.duration</c> of OpenTelemetry's semantic conventions.</summary>
internal static class ResolverTelemetry
{
    private static readonly Histogram<double> Duration = ClientTelemetry.Meter.CreateHistogram(
        "dns.lookup.duration", "s", "Measures the time taken to perform a DNS lookup.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] });

    public static void Record<TName>(TName name, TimeSpan took, Exception? error)
        where TName : notnull
    {
        if (!Duration.Enabled)
        {
            return;
        }

        var tags = new TagList { { "dns.question.name", name.ToString() } };
        if (error is not null)
        {
            tags.Add("error.type", error is DnsException no ? no.Code.Print() : error.GetType().FullName);
        }

        Duration.Record(took.TotalSeconds, tags);
    }
}
