namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>Says which server has a key.</summary>
internal interface IServerRing
{
    /// <param name="key">As it is written in a request.</param>
    MemcachedServer Of(ReadOnlySpan<byte> key);
}
