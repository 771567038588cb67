namespace Diesel.Reactive.Protocols.Riak;

/// <summary>What a <see cref="Bucket{T}"/> remembers, and how it reads and stores.</summary>
public sealed record BucketOptions
{
    private readonly int _maxRemembered = 100_000;

    /// <summary>Keys whose vclock is remembered; of one that was not used for longest it is forgotten. Default 100 000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or less.</exception>
    public int MaxRemembered
    {
        get => _maxRemembered;
        init => _maxRemembered = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaxRemembered), value, $"{nameof(MaxRemembered)} is greater than zero.");
    }

    /// <summary>How values are read.</summary>
    public GetOptions Reading { get; init; } = new();

    /// <summary>How values are stored.</summary>
    public PutOptions Writing { get; init; } = new();

    /// <summary>What values are; null: nothing is said. Default <c>application/json</c>.</summary>
    public string? ContentType { get; init; } = "application/json";
}

/// <summary>A key of several that were asked for.</summary>
/// <typeparam name="T">The values.</typeparam>
/// <param name="Key">Which.</param>
/// <param name="Value">What is there; the default: nothing, or <paramref name="Error"/> says why not.</param>
/// <param name="Error">Null: it went well.</param>
public readonly record struct BucketEntry<T>(string Key, T? Value, Exception? Error = null);
