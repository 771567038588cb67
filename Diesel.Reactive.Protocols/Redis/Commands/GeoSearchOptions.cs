namespace Diesel.Reactive.Protocols.Redis;

/// <summary>How many <c>GeoSearch</c> finds, and in which order.</summary>
public readonly record struct GeoSearchOptions
{
    /// <summary>How many at most, the nearest; null: all.</summary>
    public long? Count { get; init; }

    /// <summary>Whether the first that are found will do, and not only the nearest; with <see cref="Count"/>.</summary>
    public bool Any { get; init; }

    /// <summary>True: the nearest come first; false: the farthest; null: in no order, or with <see cref="Count"/> the nearest.</summary>
    public bool? NearestFirst { get; init; }

    /// <exception cref="ArgumentException">Any are wanted, and it is not said how many.</exception>
    internal ReadOnlySpan<Bytes> Words() => Any && Count is null
        ? throw new ArgumentException($"{nameof(Any)} goes with {nameof(Count)}.")
        : (Bytes[])
        [
            .. NearestFirst is { } nearest ? new Bytes[] { nearest ? "ASC" : "DESC" } : [],
            .. Count is { } count ? new Bytes[] { "COUNT", count } : [],
            .. "ANY".If(Any),
        ];
}
