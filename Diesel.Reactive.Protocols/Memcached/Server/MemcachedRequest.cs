namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>What a request is made of.</summary>
internal enum MemcachedRequestKind : byte
{
    /// <summary>A line of the text protocol.</summary>
    Line,

    /// <summary>A line and the value it announces.</summary>
    Store,

    /// <summary>A line, and a value of more bytes than there may be, which was thrown away.</summary>
    TooLarge,

    /// <summary>A header of the binary protocol, and its body.</summary>
    Binary,

    /// <summary>A header and a key, and a body that was thrown away.</summary>
    BinaryTooLarge,

    /// <summary>A header whose lengths do not fit each other: nobody knows where the next one begins.</summary>
    Unsound,
}

/// <summary>A request of a client.</summary>
/// <param name="Kind">What it is made of.</param>
/// <param name="Head">The line without its end, or the header; with extras and key, where the body was thrown away.</param>
/// <param name="Body">The value with its end, or the body.</param>
internal readonly record struct MemcachedRequest(MemcachedRequestKind Kind, ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Body = default);
