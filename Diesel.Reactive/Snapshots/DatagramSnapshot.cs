using System.Net;

namespace Diesel.Reactive;

/// <summary>A datagram socket as it was at one time.</summary>
/// <param name="LocalEndPoint">This side.</param>
/// <param name="RemoteEndPoint">The one peer of a connected socket; null for one that talks to anybody.</param>
/// <param name="Dropped">Datagrams thrown away so far.</param>
public sealed record DatagramSnapshot(EndPoint LocalEndPoint, EndPoint? RemoteEndPoint, long Dropped)
{
    /// <summary>One line.</summary>
    public override string ToString() => SnapshotText.Line(
        RemoteEndPoint is null ? $"{LocalEndPoint}" : $"{LocalEndPoint} to {RemoteEndPoint}", SnapshotText.Some(Dropped, "dropped"));
}
