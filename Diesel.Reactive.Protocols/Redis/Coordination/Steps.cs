namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Steps of one writer, one after the other: each has a number, so that the server does it once however often it is sent.</summary>
/// <param name="of">With what.</param>
/// <param name="function">Which function does it.</param>
/// <param name="head">Its arguments before the writer and the number.</param>
internal sealed class Steps(SharedObject of, string function, params Bytes[] head)
{
    private readonly Bytes _writer = Guid.NewGuid().ToString("N");
    private long _number;

    /// <summary>Whether it counts as done only when replicas have it.</summary>
    public bool IsReplicated { get; init; }

    /// <summary>Does the next one; the last must be over. The hub's thread only.</summary>
    /// <param name="limit">For how long it is repeated while its fate is not known; at least once it is asked for.</param>
    /// <param name="arguments">Those behind the number.</param>
    public Awaitable<RespValue> Next(TimeSpan limit, params ReadOnlySpan<Bytes> arguments) =>
        of.Call(function, [.. head, _writer, ++_number, .. arguments], limit, IsReplicated).ToAwaitable();
}
