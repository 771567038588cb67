namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>What bounds a <see cref="MemcachedService"/> and its connections.</summary>
public sealed record MemcachedServiceOptions : TcpServiceOptions
{
    /// <summary>The defaults.</summary>
    public static MemcachedServiceOptions Default { get; } = new();

    /// <summary>What clients may send.</summary>
    public MemcachedLimits Limits { get; init; } = MemcachedLimits.Default;

    /// <summary>Whether a name and a password are let in; null: everybody is. Until then a client of the text protocol can do nothing but
    /// log in, as with memcached's <c>-Y</c>, and the binary protocol is refused.</summary>
    public Func<string, string, bool>? LogIn { get; init; }

    /// <summary>What <c>version</c> answers.</summary>
    public string Version { get; init; } = "1.6.18";
}
