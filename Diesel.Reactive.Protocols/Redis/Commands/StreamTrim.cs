namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Which entries of a stream are removed: the oldest.</summary>
public readonly record struct StreamTrim
{
    private readonly Bytes[]? _words;

    private StreamTrim(string what, Bytes threshold, bool exactly, long? limit)
    {
        if (exactly && limit is not null)
        {
            throw new ArgumentException("How many are removed at a time can be limited only where it need not be exact.", nameof(limit));
        }

        _words = [what, exactly ? "=" : "~", threshold, .. limit is { } most ? new Bytes[] { "LIMIT", most } : []];
    }

    /// <summary>Keeps so many.</summary>
    /// <param name="length">How many.</param>
    /// <param name="exactly">False: some more may stay, which is cheaper for the server.</param>
    /// <param name="limit">How many are removed at a time; null: as the server likes.</param>
    /// <returns>The rule.</returns>
    /// <exception cref="ArgumentException">It is exact and has a limit.</exception>
    public static StreamTrim MaxLength(long length, bool exactly = false, long? limit = null) => new("MAXLEN", length, exactly, limit);

    /// <summary>Keeps what is not older.</summary>
    /// <param name="id">The first that stays.</param>
    /// <param name="exactly">False: some more may stay, which is cheaper for the server.</param>
    /// <param name="limit">How many are removed at a time; null: as the server likes.</param>
    /// <returns>The rule.</returns>
    /// <exception cref="ArgumentException">It is exact and has a limit.</exception>
    public static StreamTrim MinId(StreamId id, bool exactly = false, long? limit = null) => new("MINID", id, exactly, limit);

    internal ReadOnlySpan<Bytes> Words() => _words;
}
