namespace Diesel.Reactive.Protocols.Riak;

/// <summary>What is looked for in an index.</summary>
/// <remarks>Made with <see cref="Equal"/> or <see cref="Between"/>.</remarks>
public sealed record IndexQuery
{
    private readonly int? _pageSize = 1000;

    private IndexQuery(Bytes index) => Index = index;

    /// <summary>Which: its name ends with <c>_bin</c> or <c>_int</c>; <c>$key</c> is the keys themselves, <c>$bucket</c> all.</summary>
    public Bytes Index { get; }

    /// <summary>What it has to be; null: it is a range.</summary>
    public Bytes? Key { get; private init; }

    /// <summary>The least of a range.</summary>
    public Bytes? Min { get; private init; }

    /// <summary>The most of a range.</summary>
    public Bytes? Max { get; private init; }

    /// <summary>Whether the values found are told beside the keys; of a range.</summary>
    public bool ReturnTerms { get; init; }

    /// <summary>What a value has to be like besides; null: anything.</summary>
    public string? TermRegex { get; init; }

    /// <summary>How many are asked for at a time. The next page is asked for when all of the last was taken, and none has a connection in between. Null: all at once, as a stream that
    /// holds its connection. Default 1000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or less.</exception>
    public int? PageSize
    {
        get => _pageSize;
        init => _pageSize = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(PageSize), value, "A page has one at least.");
    }

    /// <summary>Whether results are in order, where pages are not asked for; null: as the node has it.</summary>
    public bool? IsSorted { get; init; }

    /// <summary>A part of the cluster, as <c>Coverage</c> tells them; null: all.</summary>
    public Bytes? CoverContext { get; init; }

    /// <summary>What has a value.</summary>
    /// <param name="index">Which index.</param>
    /// <param name="key">The value; a number in digits for <c>_int</c>.</param>
    /// <returns>A query.</returns>
    public static IndexQuery Equal(Bytes index, Bytes key) => new(index) { Key = key };

    /// <summary>What has a value in a range.</summary>
    /// <param name="index">Which index.</param>
    /// <param name="min">The least.</param>
    /// <param name="max">The most.</param>
    /// <returns>A query.</returns>
    public static IndexQuery Between(Bytes index, Bytes min, Bytes max) => new(index) { Min = min, Max = max };
}

/// <summary>What was found in an index.</summary>
/// <param name="Key">The object's key.</param>
/// <param name="Term">The value it was found by; null: it was not asked for.</param>
public readonly record struct IndexMatch(Bytes Key, Bytes? Term);

/// <summary>An object that was found.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Object">What is there.</param>
public sealed record KeyedObject(Bytes Key, RiakObject Object);
