namespace Diesel.Reactive.AspNetCore;

/// <summary>What is sent of a response at a time, and how it ends with that, if it does.</summary>
internal readonly record struct ResponsePortion(
    List<ReadOnlyMemory<byte>> Pieces, bool IsComplete, bool IsReset, TaskCompletionSource<Stream>? Upgrade, Exception? Error)
{
    /// <summary>Nothing follows.</summary>
    public bool IsLast => IsComplete || IsReset || Upgrade is not null || Error is not null;

    /// <summary>It is the rest of a response, and nothing has gone wrong.</summary>
    public bool IsWhole => IsComplete && !IsReset && Upgrade is null && Error is null;
}
