namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>A command whose value is still to come.</summary>
/// <param name="Size">The value's, as it was announced.</param>
/// <param name="Finish">Stores it; null for a value that is not to be taken: it is skipped.</param>
internal sealed record PendingStore(long Size, Action<ReadOnlyMemory<byte>>? Finish)
{
    /// <summary>Whose value; null: nobody's.</summary>
    public byte[]? Key { get; init; }

    /// <summary>What is answered to a value that was skipped; null: that was done already.</summary>
    public string? Refusal { get; init; }
}
