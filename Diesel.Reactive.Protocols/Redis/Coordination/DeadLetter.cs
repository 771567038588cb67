namespace Diesel.Reactive.Protocols.Redis;

/// <summary>An item that was handed out too often, or is none.</summary>
/// <param name="Id">Its own among the dead letters.</param>
/// <param name="ItemId">The item's in the queue.</param>
/// <param name="Value">Its bytes.</param>
/// <param name="Count">How often it was handed out.</param>
/// <param name="Error">What was said at the last time, or what the queue found.</param>
public sealed record DeadLetter(StreamId Id, string ItemId, Bytes Value, int Count, string Error);
