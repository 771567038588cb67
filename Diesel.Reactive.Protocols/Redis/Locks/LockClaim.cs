namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What one waiter wants.</summary>
/// <param name="place">Where it is kept.</param>
/// <param name="token">What stands at the server when it has it.</param>
internal sealed class LockClaim(LockPlace place, string token)
{
    public Bytes Key => place.Key;

    public int? Count => place.Count;

    public TimeSpan Expiry => place.Expiry;

    public Bytes Kept => place.Kept;

    public string Token => token;

    /// <summary>What each script is given: the keys, the token, the expiry, the program's channel, how many may hold it.</summary>
    public Bytes[] Words { get; } = [3, place.Key, place.Fence, place.Line, token, place.Milliseconds, place.Channel, place.Most];
}
