namespace Diesel.Reactive.Protocols.Redis;

/// <summary>How <c>Sort</c> sorts.</summary>
public readonly record struct SortOptions
{
    /// <summary>By what other keys hold: their names, with <c>*</c> for the element, and <c>-&gt;field</c> for a hash's field. Null: by the
    /// elements.</summary>
    public Bytes? By { get; init; }

    /// <summary>What is given in place of each element: names of keys as in <see cref="By"/>, <c>#</c> for the element; null: the element.</summary>
    public IReadOnlyList<Bytes>? Get { get; init; }

    /// <summary>How many are left out first.</summary>
    public long Skip { get; init; }

    /// <summary>How many at most; null: all.</summary>
    public long? Count { get; init; }

    /// <summary>Whether the greatest come first.</summary>
    public bool Descending { get; init; }

    /// <summary>Whether they are texts, and not numbers.</summary>
    public bool Alpha { get; init; }

    internal ReadOnlySpan<Bytes> Words() => (Bytes[])
    [
        .. By is { } by ? new Bytes[] { "BY", by } : [],
        .. Skip != 0 || Count is not null ? new Bytes[] { "LIMIT", Skip, Count ?? -1 } : [],
        .. (Get ?? []).SelectMany(static name => new Bytes[] { "GET", name }),
        Descending ? "DESC" : "ASC",
        .. "ALPHA".If(Alpha),
    ];
}
