using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>When something counts as written.</summary>
/// <param name="W">By how many servers; null: as <paramref name="Mode"/>, or the server says. 0: nobody waits for an answer.</param>
/// <param name="Mode">In place of a number: <c>majority</c>, or a name the servers know.</param>
/// <param name="Journal">Whether it is in the journal, too; null: as the server says.</param>
/// <param name="Timeout">How long the server waits for the others; null: as long as it takes.</param>
public sealed record WriteConcern(int? W = null, string? Mode = null, bool? Journal = null, TimeSpan? Timeout = null)
{
    /// <summary>Most of the servers.</summary>
    public static WriteConcern Majority { get; } = new(Mode: "majority");

    /// <summary>Whether the server answers.</summary>
    internal bool IsAcknowledged => W != 0 || Journal == true;

    /// <summary>A commit that is repeated waits for most of the servers: of a server that knows it already, others may not.</summary>
    internal WriteConcern ForRepeatedCommit() => this with { W = null, Mode = "majority", Timeout = Timeout ?? TimeSpan.FromSeconds(10) };

    internal BsonDocument ToDocument()
    {
        var document = new BsonDocument();
        document.Add("w", W ?? 0, W is not null).Add("w", Mode ?? "", W is null && Mode is not null);
        return document.Add("j", Journal ?? false, Journal is not null).Add("wtimeout", (long)(Timeout?.TotalMilliseconds ?? 0), Timeout is not null);
    }
}

/// <summary>How certain what is read has to be.</summary>
/// <param name="Level">As the server calls it: <c>local</c>, <c>majority</c>, <c>linearizable</c>, <c>available</c>, <c>snapshot</c>.</param>
public sealed record ReadConcern(string Level);

/// <summary>Which members of a replica set are read from.</summary>
public enum ReadMode
{
    /// <summary>The primary.</summary>
    Primary,

    /// <summary>The primary, or while there is none a secondary.</summary>
    PrimaryPreferred,

    /// <summary>A secondary.</summary>
    Secondary,

    /// <summary>A secondary, or where there is none the primary.</summary>
    SecondaryPreferred,

    /// <summary>Whichever is near.</summary>
    Nearest,
}

/// <summary>Which members of a replica set are read from, in detail.</summary>
/// <param name="Mode">Which.</param>
/// <param name="Tags">Tags such a member has; of several sets the first that fits any. Null: whichever.</param>
/// <param name="MaxStaleness">How far behind the primary it may be, 90 s at least; null: any.</param>
public sealed record ReadPreference(ReadMode Mode, IReadOnlyList<IReadOnlyDictionary<string, string>>? Tags = null, TimeSpan? MaxStaleness = null)
{
    /// <summary>The primary.</summary>
    public static ReadPreference Primary { get; } = new(ReadMode.Primary);

    /// <summary>The primary, or while there is none a secondary.</summary>
    internal static ReadPreference PrimaryPreferred { get; } = new(ReadMode.PrimaryPreferred);

    internal string Name => char.ToLowerInvariant($"{Mode}"[0]) + $"{Mode}"[1..];

    internal BsonDocument ToDocument()
    {
        var document = new BsonDocument("mode", Name);
        document.Add("tags", new BsonArray((Tags ?? []).Select(static set => new BsonDocument(set.Select(static tag => new BsonElement(tag.Key, tag.Value))))), Tags is { Count: > 0 });
        return document.Add("maxStalenessSeconds", (long)(MaxStaleness?.TotalSeconds ?? 0), MaxStaleness is not null);
    }
}
