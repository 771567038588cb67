namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>Bits of the flags that are kept with a value, as pylibmc and php-memcached know them; the others are yours.</summary>
public static class MemcachedFlags
{
    /// <summary>The value is compressed: RFC 1950.</summary>
    public const uint Zlib = 1 << 3;
}
