namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>Who connects to memcached servers, how keys are spread over them, and what bounds the client.</summary>
public sealed record MemcachedOptions : ProtocolOptions
{
    private readonly int? _compressAbove;
    private readonly int? _ejectAfter;
    private readonly TimeSpan _probeInterval = TimeSpan.FromSeconds(2);

    /// <summary>Who logs in (memcached's <c>-Y</c>); null: nobody does.</summary>
    public string? User { get; init; }

    /// <summary>The secret.</summary>
    public string? Password { get; init; }

    /// <summary>What a server may send, and what is sent to it: <see cref="MemcachedLimits.MaxValue"/> is the server's <c>-I</c>.</summary>
    public MemcachedLimits Limits { get; init; } = MemcachedLimits.Default;

    /// <summary>How keys are spread over several servers; default <see cref="MemcachedHash.Ketama"/>.</summary>
    public MemcachedHash Hash { get; init; }

    /// <summary>What share of the keys each server has, in their order; null: the same. Of <see cref="MemcachedHash.KetamaWeighted"/> and
    /// <see cref="MemcachedHash.Rendezvous"/>.</summary>
    public IReadOnlyList<int>? Weights { get; init; }

    /// <summary>Values of more bytes than this are compressed (zlib), if that makes them smaller, and marked with
    /// <see cref="MemcachedFlags.Zlib"/>. Null, the default: none is. They are read in any case.</summary>
    public int? CompressAbove { get => _compressAbove; init => _compressAbove = value is { } n ? Setting.Positive(n) : null; }

    /// <summary>Bytes a compressed value may become; default 64 MiB.</summary>
    public int MaxInflated { get; init; } = 64 * 1024 * 1024;

    /// <summary>Whether a server that cannot be reached has no values, instead of being an error: for what can be computed anew. Default false.</summary>
    public bool AreErrorsMisses { get; init; }

    /// <summary>After so many calls in succession that a server did not answer, its keys go to the others, until it answers again. That moves
    /// keys: who can reach the server still finds old values there. Null, the default: they stay where they are.</summary>
    public int? EjectAfter { get => _ejectAfter; init => _ejectAfter = value is { } n ? Setting.Positive(n) : null; }

    /// <summary>How often a server whose keys have gone to others is asked whether it is back; default 2 s.</summary>
    public TimeSpan ProbeInterval { get => _probeInterval; init => _probeInterval = Setting.Positive(value); }

    /// <summary>The options without their secret.</summary>
    public override string ToString() =>
        $"{nameof(MemcachedOptions)} {{ {nameof(User)} = {User}, {nameof(Password)} = {(Password is null ? "" : "***")}, {nameof(Hash)} = {Hash}, {nameof(Tls)} = {Tls is not null} }}";
}
