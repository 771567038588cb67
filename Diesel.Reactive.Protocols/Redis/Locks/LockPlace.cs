namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Where a lock, or a semaphore, is kept.</summary>
/// <param name="Key">Under which.</param>
/// <param name="Count">How many may hold it at a time; null: one, and its key is its token.</param>
/// <param name="Expiry">After what time the server frees it.</param>
/// <param name="Channel">Where its program is told that it has it.</param>
internal sealed record LockPlace(Bytes Key, int? Count, TimeSpan Expiry, Bytes Channel)
{
    public Bytes Fence { get; } = LockScripts.FenceOf(Key);

    public Bytes Line { get; } = LockScripts.LineOf(Key);

    public Bytes Milliseconds { get; } = Reply.Milliseconds(Expiry);

    /// <summary>How long what stands beside it is kept.</summary>
    public Bytes Kept { get; } = Reply.Milliseconds(LockScripts.KeptFor + Expiry);

    /// <summary>How many may hold a semaphore; of a lock nothing.</summary>
    public Bytes[] Most { get; } = Count is { } most ? [most] : [];

    /// <summary>Its program's channel, of one who waits.</summary>
    public Bytes Waits { get; } = (byte[])[(byte)'1', .. Channel.Span];

    /// <summary>The same, of one who does not.</summary>
    public Bytes Passes { get; } = (byte[])[(byte)'0', .. Channel.Span];
}
