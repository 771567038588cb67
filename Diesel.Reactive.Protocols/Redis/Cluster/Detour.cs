using System.Net;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Where a call goes next, that a server has not carried out because of its place.</summary>
/// <param name="To">Whom it was sent to; null: whoever has the slot by the map.</param>
/// <param name="IsAsking">Whether that one has not got the slot yet.</param>
/// <param name="Pause">What is waited before.</param>
internal readonly record struct NextStop(EndPoint? To, bool IsAsking, TimeSpan Pause);

/// <summary>The way of one call through a cluster: it is bounded, in redirections and in time. Only what was not carried out goes on. The hub's thread only.</summary>
internal sealed class Detour(ClusterTopology cluster)
{
    // Servers that send to each other further than that do not agree yet: they are given time.
    private const int AtOnce = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    private TimeSpan _pause = FirstPause;
    private DateTimeOffset? _waitsSince;
    private int _redirects;

    /// <summary>Whether redirections are counted: several replies to what was sent together are one.</summary>
    public bool Counts { get; set; } = true;

    private RedisOptions Options => cluster.Target.Options;

    private int MaxRedirects => (Options.Cluster ?? new()).MaxRedirects;

    /// <summary>What is said of a slot that nobody has.</summary>
    public static RedisErrorException Unserved() => new("CLUSTERDOWN Hash slot not served: no server of the cluster says that it has it.");

    /// <summary>What comes after an error.</summary>
    /// <param name="error">Of the call.</param>
    /// <param name="from">Who was asked; null: nobody has the slot.</param>
    /// <returns>Null: it is the caller's error.</returns>
    public NextStop? After(Exception error, RedisLink? from) => error switch
    {
        RedisErrorException no => After(no, from),
        RedisBatchException { Error: var no } => After(no, from),

        // It was let go with what waited there, and that was not sent, or may be sent again.
        ObjectDisposedException when from is not null && !cluster.IsDisposed => Later(),

        // A replica that cannot be reached; the link's members know by now.
        (ConnectionException and not ReplyLostException) or TimeoutException when from?.IsReplica == true => Again(),
        _ => null,
    };

    /// <summary>Whether a server's "no" has to do with its place, and nothing was carried out.</summary>
    public static bool IsOfPlace(RedisErrorException no) =>
        no.Code is "MOVED" or "ASK" or "TRYAGAIN" or "CLUSTERDOWN" or "MASTERDOWN" or "LOADING" or "READONLY" or "UNBLOCKED";

    private NextStop? After(RedisErrorException no, RedisLink? from)
    {
        switch (no.Code)
        {
            case "MOVED" when from is not null && cluster.HasSlots:
                return Moved(no, from);
            case "ASK" when from is not null && cluster.HasSlots:
                return Redirect.Of(no, from.Server) is { To: { } to } && MayGoOn() ? new(to, true, TimeSpan.Zero) : null;
            case "TRYAGAIN":
                return Later();
            case "MASTERDOWN" or "LOADING" when from?.IsReplica == true:
                cluster.Members.Avoid(from);
                return Again();
            case "CLUSTERDOWN" or "MASTERDOWN" or "LOADING" or "READONLY" or "UNBLOCKED":
                cluster.Maps.Ask();
                return Later();
            default:
                return null;
        }
    }

    private NextStop? Moved(RedisErrorException no, RedisLink from)
    {
        if (Redirect.Of(no, from.Server) is not { } redirect || !MayGoOn())
        {
            return null;
        }

        cluster.Heed(from, no);
        if (redirect.To is null)
        {
            return Later();
        }

        if (redirect.To.Equals(from.Server) && !from.IsReplica)
        {
            // Another one is reached by that name now.
            cluster.Renew(from);
            return Later();
        }

        return new(redirect.To, false, _redirects > AtOnce ? NextPause() : TimeSpan.Zero);
    }

    private NextStop? Again() => MayGoOn() ? new(null, false, TimeSpan.Zero) : null;

    private bool MayGoOn() => (_redirects += Counts ? 1 : 0) <= MaxRedirects;

    private NextStop? Later()
    {
        var now = cluster.Hub.Now;
        _waitsSince ??= now;
        if (Options.MaxReconnectTime != Timeout.InfiniteTimeSpan && now - _waitsSince >= Options.MaxReconnectTime)
        {
            return null;
        }

        return new(null, false, NextPause());
    }

    private TimeSpan NextPause()
    {
        var pause = _pause;
        _pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        return pause;
    }
}
