using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What holds of calls: of a client, a database, a collection, or one call, by <c>With</c>.</summary>
public sealed record MongoCallOptions
{
    /// <summary>How long a call may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>When something counts as written; null: as the server says. With <c>W: 0</c> nobody waits for an answer, and all numbers are 0.</summary>
    public WriteConcern? WriteConcern { get; init; }

    /// <summary>How certain what is read has to be; null: as the server says.</summary>
    public ReadConcern? ReadConcern { get; init; }

    /// <summary>Where reads may go.</summary>
    public ReadPreference ReadPreference { get; init; } = ReadPreference.Primary;

    /// <summary>Whether reading is tried a second time.</summary>
    public bool RetryReads { get; init; } = true;

    /// <summary>Whether writing is tried a second time, where the server can tell that it was carried out. Default true.</summary>
    public bool RetryWrites { get; init; } = true;

    /// <summary>With what commands are sent; null: each by itself.</summary>
    public MongoSession? Session { get; init; }

    /// <summary>How texts are compared; null: byte by byte.</summary>
    public BsonDocument? Collation { get; init; }

    /// <summary>What shows in the server's log; null: nothing.</summary>
    public BsonValue? Comment { get; init; }

    /// <summary>Which index is used: its name, or its keys; null: as the server likes.</summary>
    public BsonValue? Hint { get; init; }

    /// <summary>Names that an expression of the command may use, as <c>$$name</c>; null: none.</summary>
    public BsonDocument? Let { get; init; }

    /// <summary>Whether what a collection's rules refuse is stored all the same.</summary>
    public bool BypassesValidation { get; init; }

    /// <summary>Documents of a cursor's batch; null: as the server likes.</summary>
    public int? BatchSize { get; init; }

    /// <summary>When the next batch of a cursor is asked for. Of what is watched it is always when all was taken.</summary>
    public MongoBatches Batches { get; init; }

    internal bool IsAnswered => WriteConcern?.IsAcknowledged ?? true;

    internal static MongoCallOptions Of(MongoOptions options, MongoTopologyOptions topology) => new()
    {
        RetryWrites = topology.RetryWrites,
        Timeout = options.Timeout, WriteConcern = options.WriteConcern, ReadConcern = options.ReadConcern, ReadPreference = options.ReadPreference, RetryReads = options.RetryReads,
    };

    /// <summary>What all commands take.</summary>
    internal void Common(BsonOutput command)
    {
        if (Collation is not null)
        {
            command.Add("collation", Collation);
        }

        if (Comment is not null)
        {
            command.Add("comment", Comment);
        }

        if (Let is not null)
        {
            command.Add("let", Let);
        }
    }

    /// <summary>What commands take that read.</summary>
    internal void Reading(BsonOutput command)
    {
        Common(command);
        if (Hint is not null)
        {
            command.Add("hint", Hint);
        }
    }
}
