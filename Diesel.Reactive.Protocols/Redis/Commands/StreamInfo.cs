namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What a server knows of a stream.</summary>
/// <param name="Length">How many entries.</param>
/// <param name="LastId">The last id it was given, of an entry that may be deleted.</param>
/// <param name="MaxDeletedId">The greatest id that was deleted.</param>
/// <param name="EntriesAdded">How many were ever added.</param>
/// <param name="Groups">How many groups of consumers.</param>
/// <param name="First">The oldest entry; null: there is none.</param>
/// <param name="Last">The newest entry; null: there is none.</param>
public sealed record StreamInfo(long Length, StreamId LastId, StreamId MaxDeletedId, long EntriesAdded, long Groups, StreamEntry? First, StreamEntry? Last)
{
    internal static StreamInfo Read(RespValue value)
    {
        var named = Reply.Named(value);
        return new(
            Reply.In(named, "length").ToInt64(),
            StreamId.Read(Reply.In(named, "last-generated-id")),
            named.TryGetValue("max-deleted-entry-id", out var deleted) ? StreamId.Read(deleted) : default,
            named.TryGetValue("entries-added", out var added) ? added.ToInt64() : 0,
            Reply.In(named, "groups").ToInt64(),
            Entry(Reply.In(named, "first-entry")),
            Entry(Reply.In(named, "last-entry")));
    }

    private static StreamEntry? Entry(RespValue value) => value.IsNull ? null : StreamEntry.Read(value);
}
