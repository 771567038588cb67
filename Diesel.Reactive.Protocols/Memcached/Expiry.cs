namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>When an item is gone: after a time, at a time, or never (the default).</summary>
/// <remarks>memcached counts in seconds; a part of one is rounded up. What lies in the past, and no time at all, is gone at once; what lies behind
/// January 2038 is an <see cref="ArgumentException"/> of the call that it is given to.
/// Source: memcached's <c>doc/protocol.txt</c>, "Expiration times".</remarks>
public readonly record struct Expiry
{
    // More is taken for a Unix time.
    private static readonly TimeSpan LongestRelative = TimeSpan.FromDays(30);

    // What servers count in has 32 bits: a later end would lie before 1970.
    private static readonly DateTimeOffset Last = DateTimeOffset.FromUnixTimeSeconds(int.MaxValue - 1);

    private readonly TimeSpan? _after;
    private readonly DateTimeOffset? _at;

    private Expiry(TimeSpan? after, DateTimeOffset? at) => (_after, _at) = (after, at);

    /// <summary>Whether it stays.</summary>
    public bool IsNever => _after is null && _at is null;

    /// <summary>After a time; <see cref="Timeout.InfiniteTimeSpan"/>: never.</summary>
    /// <param name="after">From when the server has it.</param>
    public static implicit operator Expiry(TimeSpan after) => after == Timeout.InfiniteTimeSpan ? default : new(after, null);

    /// <summary>At a time.</summary>
    /// <param name="at">When.</param>
    public static implicit operator Expiry(DateTimeOffset at) => new(null, at);

    /// <summary>As the protocol has it: seconds, a Unix time, 0 for never, less for at once.</summary>
    /// <exception cref="ArgumentException">It is later than servers can count.</exception>
    internal long Seconds(DateTimeOffset now)
    {
        if (IsNever)
        {
            return 0;
        }

        var after = _after ?? _at!.Value - now;
        return after <= TimeSpan.Zero ? -1
            : after <= LongestRelative ? Ceiling(after)
            : after <= Last - now ? (now + after).ToUnixTimeSeconds() + 1
            : throw new ArgumentException($"memcached counts the end of an item up to {Last:yyyy-MM-dd}, and not {after} from now on. Leave it out for one that stays.");
    }

    private static long Ceiling(TimeSpan time) => (time.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;
}
