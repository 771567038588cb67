namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What bounds the values a client keeps, and how the server tells that they changed.</summary>
public sealed record RedisCacheOptions
{
    private const long DefaultBytes = 64 * 1024 * 1024;

    private readonly long _maxBytes = DefaultBytes;
    private readonly IReadOnlyList<string>? _broadcast;

    /// <summary>Bytes of what is kept, its keys and about 500 for each included; what was read longest ago goes first. Default 64 MiB.</summary>
    public long MaxBytes { get => _maxBytes; init => _maxBytes = Setting.Positive(value); }

    /// <summary>Null, the default: the server remembers which keys were read here, and tells when one of them changes. Else it remembers nothing, and tells of every
    /// change to keys that begin with one of these; only such keys are kept. Empty: all keys.</summary>
    public IReadOnlyList<string>? Broadcast { get => _broadcast; init => _broadcast = value is null ? null : [.. value]; }

    /// <inheritdoc/>
    public bool Equals(RedisCacheOptions? other) =>
        other is not null && MaxBytes == other.MaxBytes
        && (Broadcast is null ? other.Broadcast is null : other.Broadcast is not null && Broadcast.SequenceEqual(other.Broadcast, StringComparer.Ordinal));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(MaxBytes, Broadcast?.Count);
}
