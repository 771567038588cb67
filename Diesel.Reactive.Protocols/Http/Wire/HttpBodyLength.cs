namespace Diesel.Reactive.Protocols.Http;

/// <summary>How long a body is.</summary>
/// <param name="Kind">How its end is known.</param>
/// <param name="Count">How many bytes it has, if that is known; else -1.</param>
public readonly record struct HttpBodyLength(HttpBodyKind Kind, long Count)
{
    /// <summary>No body.</summary>
    public static HttpBodyLength None { get; } = new(HttpBodyKind.None, 0);

    /// <summary>A body in chunks.</summary>
    public static HttpBodyLength Chunked { get; } = new(HttpBodyKind.Chunked, -1);

    /// <summary>A body up to the end of the connection.</summary>
    public static HttpBodyLength UntilEnd { get; } = new(HttpBodyKind.UntilEnd, -1);

    /// <summary>Another protocol.</summary>
    public static HttpBodyLength Tunnel { get; } = new(HttpBodyKind.Tunnel, -1);

    /// <summary>Whether there is nothing to come.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>A body of known length.</summary>
    /// <param name="count">Bytes; 0: an empty one.</param>
    /// <returns>Its length.</returns>
    public static HttpBodyLength Of(long count) => new(HttpBodyKind.Counted, count);
}
