namespace Diesel.Reactive.Benchmarks.MongoDB;

/// <summary>What is asked.</summary>
internal enum MongoAsking
{
    /// <summary>One document by its <c>_id</c>.</summary>
    Find,

    /// <summary>One is stored.</summary>
    Insert,

    /// <summary>All there are, as the bytes that came.</summary>
    RawCursor,

    /// <summary>All there are, as documents.</summary>
    Cursor,
}

/// <summary>What a client asks of a server of MongoDB.</summary>
/// <param name="Name">As the command line has it.</param>
/// <param name="Asking">What.</param>
/// <param name="Callers">How many ask at a time.</param>
/// <param name="Target">How much faster than MongoDB.Driver it is to be.</param>
internal sealed record MongoWorkload(string Name, MongoAsking Asking, int Callers, double Target)
{
    public const string Database = "benchmark";
    public const string Collection = "documents";

    /// <summary>Documents of a cursor.</summary>
    public const int Documents = 100_000;

    public static readonly MongoWorkload[] All =
    [
        new("find64", MongoAsking.Find, 64, 1.5),
        new("insert64", MongoAsking.Insert, 64, 1.3),

        // Three times was written before the driver was measured: its raw documents are slices of what came as ours are, and both wait for the service as long.
        new("rawcursor", MongoAsking.RawCursor, 1, 1.7),
        new("cursor", MongoAsking.Cursor, 1, 1.2),
    ];

    public string Text => Asking switch
    {
        MongoAsking.Find => $"find-one by `_id`, {Callers} callers",
        MongoAsking.Insert => $"insert-one, {Callers} callers",
        MongoAsking.RawCursor => $"cursor of {Documents:N0} documents, raw",
        _ => $"cursor of {Documents:N0} documents, `BsonDocument`",
    };

    public static MongoWorkload Find(string name) =>
        Array.Find(All, workload => workload.Name == name) ?? throw new UsageException($"unknown workload '{name}'; known: {string.Join(", ", All.Select(static one => one.Name))}");
}
