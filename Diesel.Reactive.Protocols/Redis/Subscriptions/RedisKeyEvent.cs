namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Something happened to a key.</summary>
/// <param name="Key">To which.</param>
/// <param name="Event">What, as the server calls it: <c>set</c>, <c>del</c>, <c>expire</c>, <c>expired</c>, <c>evicted</c>.</param>
public readonly record struct RedisKeyEvent(string Key, string Event);
