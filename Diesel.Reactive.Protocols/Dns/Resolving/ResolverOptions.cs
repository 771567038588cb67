namespace Diesel.Reactive.Protocols.Dns;

/// <summary>How a <see cref="Resolver"/> finds and remembers.</summary>
public sealed record ResolverOptions
{
    private readonly int _maxEntries = 10_000;
    private readonly TimeSpan _maxTimeToLive = TimeSpan.FromDays(1);
    private readonly TimeSpan _maxNegativeTimeToLive = TimeSpan.FromHours(3);
    private readonly TimeSpan _minTimeToLive = TimeSpan.Zero;
    private readonly TimeSpan _staleTime = TimeSpan.Zero;

    /// <summary>Whom it asks, as <see cref="DnsClient"/> takes it; default <c>system</c>.</summary>
    public string Server { get; init; } = "system";

    /// <summary>How it asks; null for the defaults.</summary>
    public DnsOptions? Client { get; init; }

    /// <summary>Where the system's servers and search list are told; null: nowhere. Default <c>/etc/resolv.conf</c>. Changes are seen within a second.</summary>
    public string? ResolvConfFile { get; init; } = "/etc/resolv.conf";

    /// <summary>Where the system's own hosts are told; null: nowhere. Default <c>/etc/hosts</c>. Changes are seen within a second.</summary>
    public string? HostsFile { get; init; } = "/etc/hosts";

    /// <summary>What is put behind names with few dots, one after the other; null, the default: as the system has it.</summary>
    public IReadOnlyList<DnsName>? Search { get; init; }

    /// <summary>A name with so many dots is asked for as it is first; null, the default: as the system has it.</summary>
    public int? Ndots { get; init; }

    /// <summary>Whether servers are asked for names below <c>.local</c>, which are for multicast (RFC 6762); default false.</summary>
    public bool AsksForLocal { get; init; }

    /// <summary>Entries that are remembered: sets of records, and that there are none. The one that was used least recently goes first. Default 10 000.</summary>
    public int MaxEntries { get => _maxEntries; init => _maxEntries = Setting.Positive(value); }

    /// <summary>The longest that records are remembered, whatever they say; default 1 day.</summary>
    public TimeSpan MaxTimeToLive { get => _maxTimeToLive; init => _maxTimeToLive = Setting.Positive(value); }

    /// <summary>The longest that it is remembered that there are none; default 3 h (RFC 2308, section 5).</summary>
    public TimeSpan MaxNegativeTimeToLive { get => _maxNegativeTimeToLive; init => _maxNegativeTimeToLive = Setting.Positive(value); }

    /// <summary>The shortest that records are remembered; default zero: as they say. More than that is not what their owner wants.</summary>
    public TimeSpan MinTimeToLive
    {
        get => _minTimeToLive;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            _minTimeToLive = value;
        }
    }

    /// <summary>For how long after their time records may still be given, when nobody answers within 1.8 s (RFC 8767); default zero: not at all. One to three
    /// days make sense.</summary>
    public TimeSpan StaleTime
    {
        get => _staleTime;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            _staleTime = value;
        }
    }

    /// <summary>Whether what is asked for in the last tenth of its time is asked anew, beside the caller; default false.</summary>
    public bool Prefetches { get; init; }

    internal static ResolverOptions Default { get; } = new();
}
