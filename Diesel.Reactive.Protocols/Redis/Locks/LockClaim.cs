namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What one waiter wants.</summary>
/// <param name="Key">Where it is kept.</param>
/// <param name="Count">How many may hold it at a time; null: one, and its key is its token.</param>
/// <param name="Expiry">After what time the server frees it.</param>
/// <param name="Channel">Where its program is told that it has it.</param>
/// <param name="Token">What stands at the server when it has it.</param>
internal sealed record LockClaim(Bytes Key, int? Count, TimeSpan Expiry, Bytes Channel, string Token);
