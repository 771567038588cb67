using System.Globalization;

namespace Diesel.Reactive;

/// <summary>A pipeline's numbers at one moment.</summary>
/// <param name="InFlight">Calls that are written and have a place in line, abandoned ones included.</param>
/// <param name="Queued">Calls that wait to be written.</param>
/// <param name="Abandoned">Calls in flight that nobody waits for: to be drained, or forgotten.</param>
/// <param name="DrainedBytes">Bytes read for abandoned calls so far.</param>
/// <param name="Dropped">Replies so far that nobody had asked for, where these are dropped.</param>
/// <param name="LastRead">How long ago bytes were read; null: never.</param>
/// <param name="HubLag">How late the hub was when it last looked after this pipeline: its turns are too long, or the process was stopped.</param>
public readonly record struct PipelineCounts(
    int InFlight, int Queued, int Abandoned, long DrainedBytes, long Dropped, TimeSpan? LastRead, TimeSpan HubLag)
{
    /// <summary>The numbers as errors show them.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{InFlight} in flight ({Abandoned} abandoned), {Queued} queued, last read {(LastRead is { } ago ? $"{ago.TotalSeconds:0.###} s ago" : "never")}, hub {HubLag.TotalMilliseconds:0} ms late");
}
