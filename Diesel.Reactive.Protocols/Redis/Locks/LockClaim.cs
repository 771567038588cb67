namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What one waiter wants.</summary>
/// <param name="place">Where it is kept.</param>
/// <param name="token">What stands at the server when it has it.</param>
internal sealed class LockClaim(LockPlace place, string token)
{
    public Bytes Key => place.Key;

    public int? Count => place.Count;

    public TimeSpan Expiry => place.Expiry;

    public string Token => token;

    /// <summary>What each script is given: the keys, and the arguments.</summary>
    /// <param name="waits">Whether it stands in line when it cannot be had.</param>
    public Bytes[] Words(bool waits) =>
        [3, place.Key, place.Fence, place.Line, token, place.Milliseconds, place.Kept, waits ? place.Waits : place.Passes, .. place.Most];
}
