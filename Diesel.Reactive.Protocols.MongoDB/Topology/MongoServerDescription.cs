using System.Collections.Immutable;
using System.Net;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What is known of a server.</summary>
/// <remarks>Source: the driver specifications' <c>server-discovery-and-monitoring</c>.</remarks>
public sealed record MongoServerDescription
{
    internal MongoServerDescription(EndPoint server, MongoServerKind kind = MongoServerKind.Unknown) => (Server, Kind) = (server, kind);

    /// <summary>Where it is.</summary>
    public EndPoint Server { get; internal init; }

    /// <summary>What it is.</summary>
    public MongoServerKind Kind { get; internal init; }

    /// <summary>The replica set it belongs to; null: none.</summary>
    public string? SetName { get; internal init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; internal init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>How long it takes to answer, of late; null: nobody knows.</summary>
    public TimeSpan? RoundTrip { get; internal init; }

    /// <summary>When something was last written on it, as it says; null: it does not.</summary>
    public DateTime? LastWrite { get; internal init; }

    /// <summary>The newest version of the protocol it speaks.</summary>
    public int MaxWireVersion { get; internal init; }

    /// <summary>Why it is not known; null: it is, or nobody asked yet.</summary>
    public Exception? Error { get; internal init; }

    /// <summary>The oldest version of the protocol it speaks.</summary>
    internal int MinWireVersion { get; init; }

    /// <summary>Where it believes to be; null: it does not say.</summary>
    internal EndPoint? Me { get; init; }

    /// <summary>The members of its set it knows, itself too.</summary>
    internal ImmutableArray<EndPoint> Members { get; init; } = [];

    internal int? SetVersion { get; init; }

    internal ObjectId? ElectionId { get; init; }

    /// <summary>How long it keeps sessions that nobody uses; null: it has none.</summary>
    internal TimeSpan? SessionTimeout { get; init; }

    internal TopologyVersion? Version { get; init; }

    /// <summary>When it said so, in the hub's time.</summary>
    internal TimeSpan At { get; init; }

    /// <summary>The shortest time it took to answer of late; zero: nobody knows.</summary>
    internal TimeSpan LeastRoundTrip { get; init; }

    /// <summary>Bounds it gave; null: it said nothing yet.</summary>
    internal MongoHello? Hello { get; init; }

    /// <summary>Whether it has documents.</summary>
    internal bool HasData => Kind is MongoServerKind.Standalone or MongoServerKind.Router or MongoServerKind.Primary or MongoServerKind.Secondary or MongoServerKind.Balancer;

    /// <summary>Whether it may be written to.</summary>
    internal bool IsWritable => Kind is MongoServerKind.Standalone or MongoServerKind.Router or MongoServerKind.Primary or MongoServerKind.Balancer;

    /// <summary>Of what a server says of itself.</summary>
    /// <param name="server">Where it was asked.</param>
    /// <param name="said">The answer to its greeting.</param>
    internal static MongoServerDescription Of(EndPoint server, BsonDocument said) => new(server, KindOf(said))
    {
        SetName = Text(said, "setName"),
        Me = Text(said, "me") is { } me ? MongoEndPoint.Parse(me) : null,
        Members = [.. Names(said, "hosts").Concat(Names(said, "passives")).Concat(Names(said, "arbiters")).Select(MongoEndPoint.Parse).OfType<EndPoint>()],
        Tags = said.GetValue("tags", BsonNull.Value) is BsonDocument tags ? tags.Where(static tag => tag.Value.IsString).ToDictionary(static tag => tag.Name, static tag => tag.Value.AsString) : ImmutableDictionary<string, string>.Empty,
        SetVersion = said.GetValue("setVersion", BsonNull.Value) is { IsNumeric: true } version ? version.ToInt32() : null,
        ElectionId = said.GetValue("electionId", BsonNull.Value) is BsonObjectId election ? election.Value : null,
        LastWrite = said.GetValue("lastWrite", BsonNull.Value) is BsonDocument last && last.GetValue("lastWriteDate", BsonNull.Value) is BsonDateTime date ? date.ToUniversalTime() : null,
        SessionTimeout = said.GetValue("logicalSessionTimeoutMinutes", BsonNull.Value) is { IsNumeric: true } minutes ? TimeSpan.FromMinutes(minutes.ToDouble()) : null,
        MaxWireVersion = said.GetValue("maxWireVersion", 0) is { IsNumeric: true } max ? max.ToInt32() : 0,
        MinWireVersion = said.GetValue("minWireVersion", 0) is { IsNumeric: true } min ? min.ToInt32() : 0,
        Version = TopologyVersion.Of(said),
        Hello = new(said),
    };

    /// <summary>Of one that did not answer, or said that it is not what it was.</summary>
    internal static MongoServerDescription Lost(EndPoint server, Exception error, TopologyVersion? version = null) => new(server) { Error = error, Version = version };

    /// <summary>What it is, and since when it takes how long.</summary>
    public override string ToString() =>
        $"{MongoEndPoint.Shown(Server)}: {Kind}{(SetName is null ? "" : $" of {SetName}")}{(RoundTrip is { } trip ? $", {trip.TotalMilliseconds:0.#} ms away" : "")}{(Error is null ? "" : $", {Error.Message}")}";

    private static MongoServerKind KindOf(BsonDocument said)
    {
        bool Is(string name) => said.GetValue(name, false).ToBoolean();

        return Is("isreplicaset") ? MongoServerKind.Ghost
            : said.GetValue("msg", "") == "isdbgrid" ? MongoServerKind.Router
            : !said.Contains("setName") ? MongoServerKind.Standalone
            : Is("hidden") ? MongoServerKind.Other
            : Is("isWritablePrimary") || Is("ismaster") ? MongoServerKind.Primary
            : Is("secondary") ? MongoServerKind.Secondary
            : Is("arbiterOnly") ? MongoServerKind.Arbiter
            : MongoServerKind.Other;
    }

    private static string? Text(BsonDocument said, string name) => said.GetValue(name, BsonNull.Value) is BsonString text ? text.Value : null;

    private static IEnumerable<string> Names(BsonDocument said, string name) =>
        said.GetValue(name, BsonNull.Value) is BsonArray names ? names.OfType<BsonString>().Select(static each => each.Value) : [];
}
