using System.Net;

namespace Diesel.Reactive;

/// <summary>A service as it was at one time.</summary>
/// <param name="Name">What it is called in errors.</param>
/// <param name="EndPoint">Where it listens.</param>
/// <param name="Counts">Its numbers, and whom its limits have met.</param>
public sealed record ServiceSnapshot(string Name, EndPoint EndPoint, ServiceCounts Counts)
{
    /// <summary>One line.</summary>
    public override string ToString() => SnapshotText.Line(Name, Counts.ToString());
}
