namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Which document is changed, and which is given.</summary>
public sealed record FindOneOptions
{
    /// <summary>Of several the first in this order: a document, JSON, or names parted by commas; null: any.</summary>
    public object? Sort { get; init; }

    /// <summary>Which parts are given; null: all.</summary>
    public object? Projection { get; init; }

    /// <summary>Whether it is given as it is afterwards; default: as it was before.</summary>
    public bool IsAfterwards { get; init; }

    /// <summary>Whether one is made when there is none.</summary>
    public bool IsUpsert { get; init; }

    internal static FindOneOptions Default { get; } = new();

    internal void Write(BsonOutput find, bool isUpdate)
    {
        if (Sort is not null)
        {
            find.Add("sort", MongoDocument.Order(Sort));
        }

        if (Projection is not null)
        {
            find.Add("fields", MongoDocument.Of(Projection));
        }

        if (isUpdate && IsAfterwards)
        {
            find.Add("new", true);
        }

        if (isUpdate && IsUpsert)
        {
            find.Add("upsert", true);
        }
    }
}
