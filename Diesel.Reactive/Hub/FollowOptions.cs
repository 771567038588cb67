namespace Diesel.Reactive;

/// <summary>How often the addresses of a host are asked for by <see cref="HubNames.Follow"/>.</summary>
public sealed record FollowOptions
{
    private readonly TimeSpan _least = TimeSpan.FromSeconds(1);
    private readonly TimeSpan _most = TimeSpan.FromMinutes(5);
    private readonly TimeSpan _unknown = TimeSpan.FromSeconds(30);

    /// <summary>How long addresses are taken to hold at the least, whatever their time to live: a resolver is not to be asked without end. Default
    /// 1 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or less.</exception>
    public TimeSpan Least { get => _least; init => _least = Setting.Positive(value); }

    /// <summary>How long they are taken to hold at the most; default 5 min. Less than <see cref="Least"/>: that holds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or less.</exception>
    public TimeSpan Most { get => _most; init => _most = Setting.Positive(value); }

    /// <summary>How long those hold whose time to live the resolver does not know, as the system's does not; default 30 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or less.</exception>
    public TimeSpan Unknown { get => _unknown; init => _unknown = Setting.Positive(value); }

    /// <summary>When it is asked again that had no answer. Default: drawn up to 1 s, doubled up to 1 min.</summary>
    public Backoff Retry { get; init; } = new() { First = TimeSpan.FromSeconds(1), Most = TimeSpan.FromMinutes(1) };

    internal static FollowOptions Default { get; } = new();

    /// <summary>When to ask again.</summary>
    /// <param name="alive">The shortest time to live of what was told; null: it is not known.</param>
    internal TimeSpan Within(TimeSpan? alive)
    {
        var time = alive ?? Unknown;
        time = time < Most ? time : Most;
        return time > Least ? time : Least;
    }
}
