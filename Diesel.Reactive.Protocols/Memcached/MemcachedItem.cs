namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>A value, and what memcached knows of it.</summary>
/// <param name="Value">The bytes.</param>
/// <param name="Flags">What was kept with them.</param>
/// <param name="Cas">Changes with each change of the item: for <see cref="MemcachedClient.CompareAndSwap"/>.</param>
/// <param name="TimeToLive">How long it will be there; null: for ever.</param>
/// <param name="IsStale">Whether it was marked so, and nobody has stored a new one yet.</param>
public sealed record MemcachedItem(Bytes Value, uint Flags, ulong Cas, TimeSpan? TimeToLive, bool IsStale);
