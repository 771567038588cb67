namespace Diesel.Reactive.Protocols.Riak;

/// <summary>What is stored under a key: no content, one, or several that do not know each other (siblings).</summary>
/// <param name="Contents">In the server's order.</param>
/// <param name="VClock">What the contents know of: given with a put, these are overwritten and others stay. Null: absent.</param>
/// <param name="Key">Where the server chose the key: which. Null: absent.</param>
/// <param name="IsUnchanged">Whether it is still as <see cref="GetOptions.IfModified"/> says, so that it was not sent.</param>
public sealed record RiakObject(IReadOnlyList<RiakContent> Contents, Bytes? VClock = null, Bytes? Key = null, bool IsUnchanged = false)
{
    /// <summary>Whether nothing is there, nor was before.</summary>
    public bool IsMissing => Contents.Count == 0 && VClock is null && !IsUnchanged;

    /// <summary>Whether it was deleted, and that is all that is left.</summary>
    public bool IsTombstone => VClock is not null && !IsUnchanged && Contents.All(static content => content.IsDeleted == true);

    /// <summary>Whether there is more than one content: somebody has to decide.</summary>
    public bool HasSiblings => Contents.Count > 1;

    /// <summary>The one value.</summary>
    /// <returns>Null: nothing is there, or it was deleted.</returns>
    /// <exception cref="InvalidOperationException">There are siblings: which of them is meant, who asks has to say. <see cref="Bucket{T}"/> has a resolver for that.</exception>
    public Bytes? Value => HasSiblings
        ? throw new InvalidOperationException($"There are {Contents.Count} siblings: look at {nameof(Contents)}, or use a Bucket<T>, which has a resolver.")
        : Contents is [{ IsDeleted: not true } one] ? one.Value : default(Bytes?);

    /// <summary>The contents, how many they are, and the vclock.</summary>
    public override string ToString() =>
        IsUnchanged ? "unchanged"
        : IsMissing ? "missing"
        : IsTombstone ? $"deleted {Shown}"
        : $"{string.Join(" | ", Contents)}{(HasSiblings ? $" ({Contents.Count} siblings)" : "")} {Shown}".TrimEnd();

    private string Shown => VClock is { } clock ? $"@{Convert.ToHexStringLower(clock.Span[..Math.Min(6, clock.Length)])}" : "";
}
