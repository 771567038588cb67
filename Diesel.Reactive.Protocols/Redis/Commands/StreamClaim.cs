namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What <c>XAutoClaim</c> has given to a consumer.</summary>
/// <param name="Next">Where to go on; zero: all were looked at.</param>
/// <param name="Entries">The entries.</param>
/// <param name="Deleted">Those that were pending and are not in the stream any more; they are pending no longer.</param>
public sealed record StreamClaim(StreamId Next, IReadOnlyList<StreamEntry> Entries, IReadOnlyList<StreamId> Deleted)
{
    internal static StreamClaim Read(RespValue value) => value.ToItems() is [var next, var entries, .. var more]
        ? new(StreamId.Read(next), Reply.Entries(entries), more is [var deleted, ..] ? Reply.StreamIds(deleted) : [])
        : throw new ProtocolException("A reply arrived that does not tell what was claimed.");
}
