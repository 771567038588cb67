using System.IO.Compression;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>How messages are compressed, where both sides agree (permessage-deflate, RFC 7692).</summary>
/// <remarks>The window is always 32 KiB: a peer that asks for less is declined, and gets no compression.</remarks>
public sealed record WebSocketDeflate
{
    private readonly int _minimumLength = 64;

    /// <summary>How hard this side tries; default <see cref="CompressionLevel.Fastest"/>.</summary>
    public CompressionLevel Level { get; init; } = CompressionLevel.Fastest;

    /// <summary>Whether what was sent before helps to compress what comes; default true. False: each message stands alone, nothing is kept between
    /// two, and each costs the making of a compressor.</summary>
    public bool KeepsContext { get; init; } = true;

    /// <summary>Bytes from which on a message is compressed; default 64.</summary>
    public int MinimumLength { get => _minimumLength; init => _minimumLength = Setting.Positive(value); }
}
