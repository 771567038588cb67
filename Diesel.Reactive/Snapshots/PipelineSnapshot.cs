using System.Net;

namespace Diesel.Reactive;

/// <summary>A pipeline as it was at one time.</summary>
/// <param name="RemoteEndPoint">The server.</param>
/// <param name="Counts">Its numbers.</param>
/// <param name="WaitsFor">The call at the head of the line, as errors show it; null: no reply is owed.</param>
public sealed record PipelineSnapshot(EndPoint RemoteEndPoint, PipelineCounts Counts, string? WaitsFor)
{
    /// <summary>One line.</summary>
    public override string ToString() => SnapshotText.Line(
        $"pipeline to {RemoteEndPoint}", Counts.ToString(), WaitsFor is null ? null : $"waits for the reply to {WaitsFor}");
}
