namespace Diesel.Reactive.Testing;

/// <summary>Every random decision of a network.</summary>
/// <remarks>A decision is drawn from a hash of the seed, its kind, its link and its ordinal among those of the kind on that
/// link: it does not depend on other decisions, nor on the order of events, so that one fault can be taken away and all
/// others stay.</remarks>
internal sealed class Chance(int seed, Func<TimeSpan> now)
{
    private const int MostListed = 100_000;

    private readonly Dictionary<(FaultKind Kind, string Link), int> _ordinals = [];
    private readonly List<Fault> _struck = [];
    private Dictionary<(FaultKind, string, int), Fault>? _only;

    /// <summary>The faults that struck, in order; the first 100 000.</summary>
    public IReadOnlyList<Fault> Struck => _struck;

    /// <summary>Whether what happens now is no more part of it.</summary>
    public bool IsOver { get; set; }

    /// <summary>Whether faults of a kind may strike now.</summary>
    public Func<FaultKind, bool>? Admits { get; set; }

    /// <summary>How many struck after the list was full.</summary>
    public long Unlisted { get; private set; }

    /// <summary>The only faults that may be drawn, and how hard where they say so.</summary>
    public void Allow(IEnumerable<Fault> only)
    {
        _only = [];
        foreach (var fault in only)
        {
            _only[(fault.Kind, fault.Link, fault.Ordinal)] = fault;
        }
    }

    /// <summary>Whether the next decision of a kind is a fault.</summary>
    public bool Strikes(FaultKind kind, string link, double probability)
    {
        var ordinal = Next(kind, link);
        return probability > 0 && (Hash(kind, link, ordinal) >> 11) * (1.0 / (1UL << 53)) < probability && Strike(kind, link, ordinal);
    }

    /// <summary>A number from one to the other, both included; the calm one when it is no fault, or one that may not strike.</summary>
    public long Draw(FaultKind kind, string link, long least, long most, long calm, long unit = 1)
    {
        var ordinal = Next(kind, link);
        var drawn = Given(kind, link, ordinal) switch
        {
            { Bytes: { } bytes } => Math.Clamp(bytes, least, most),
            { Lasts: { } time } => Math.Clamp(time.Ticks / unit, least, most),
            _ => least + Scale(Hash(kind, link, ordinal), most - least),
        };
        return drawn != calm && MayStrike(kind, link, ordinal) && List(kind, link, ordinal, drawn, unit) ? drawn : calm;
    }

    /// <summary>A latency: in whole milliseconds where both its bounds are, so that diagrams stay short; the least one is no
    /// fault.</summary>
    public TimeSpan Draw(FaultKind kind, string link, Latency latency)
    {
        var unit = Unit(latency.Least, latency.Most);
        return TimeSpan.FromTicks(unit * Draw(kind, link, latency.Least.Ticks / unit, latency.Most.Ticks / unit, latency.Least.Ticks / unit, unit));
    }

    /// <summary>Trouble that begins and ends at instants that are drawn, in whole milliseconds where its bounds are; null where it is none of those that may strike. Whether it is admitted is asked
    /// when it would begin.</summary>
    public Fault? Draw(FaultKind kind, string link, TimeSpan within, TimeSpan upTo)
    {
        var ordinal = Next(kind, link);
        if (!IsAllowed(kind, link, ordinal))
        {
            return null;
        }

        var (given, hash) = (Given(kind, link, ordinal), Hash(kind, link, ordinal));
        var after = Within(given?.After, within, hash);
        var fault = new Fault(kind, link, ordinal, Times.Sum(now(), after)) { After = after, Lasts = upTo == TimeSpan.Zero ? null : Within(given?.Lasts, upTo, Mix(hash)) };
        List(fault);
        return fault;
    }

    /// <summary>Lists a fault that was not drawn.</summary>
    public void Note(FaultKind kind, string link) => List(new(kind, link, Next(kind, link), now()));

    // From 0 to the most, both included, evenly.
    private static long Scale(ulong hash, long most) => (long)((UInt128)hash * ((ulong)most + 1) >> 64);

    private static long Unit(TimeSpan one, TimeSpan other) =>
        one.Ticks % TimeSpan.TicksPerMillisecond == 0 && other.Ticks % TimeSpan.TicksPerMillisecond == 0 ? TimeSpan.TicksPerMillisecond : 1;

    private int Next(FaultKind kind, string link)
    {
        var ordinal = _ordinals.GetValueOrDefault((kind, link));
        _ordinals[(kind, link)] = ordinal + 1;
        return ordinal;
    }

    private Fault? Given(FaultKind kind, string link, int ordinal) => _only?.GetValueOrDefault((kind, link, ordinal));

    private bool IsAllowed(FaultKind kind, string link, int ordinal) => _only is null || _only.ContainsKey((kind, link, ordinal));

    private bool MayStrike(FaultKind kind, string link, int ordinal) => IsAllowed(kind, link, ordinal) && Admits?.Invoke(kind) != false;

    private bool Strike(FaultKind kind, string link, int ordinal)
    {
        var strikes = MayStrike(kind, link, ordinal);
        if (strikes)
        {
            List(new(kind, link, ordinal, now()));
        }

        return strikes;
    }

    private bool List(FaultKind kind, string link, int ordinal, long drawn, long unit)
    {
        List(new(kind, link, ordinal, now()) { Bytes = kind == FaultKind.Cut ? (int)drawn : null, Lasts = kind == FaultKind.Cut ? null : TimeSpan.FromTicks(drawn * unit) });
        return true;
    }

    private void List(Fault fault)
    {
        if (IsOver)
        {
            return;
        }

        if (_struck.Count < MostListed)
        {
            _struck.Add(fault);
        }
        else
        {
            Unlisted++;
        }
    }

    private static TimeSpan Within(TimeSpan? given, TimeSpan most, ulong hash)
    {
        var unit = Unit(most, most);
        return given is { } time ? TimeSpan.FromTicks(Math.Clamp(time.Ticks, 0, most.Ticks)) : TimeSpan.FromTicks(unit * Scale(hash, most.Ticks / unit));
    }

    // FNV-1a for the name, since the hash code of a string differs from process to process.
    private ulong Hash(FaultKind kind, string link, int ordinal)
    {
        var name = 14695981039346656037UL;
        foreach (var c in link)
        {
            name = (name ^ c) * 1099511628211UL;
        }

        return Mix(Mix(Mix(Mix((uint)seed) ^ (uint)kind) ^ name) ^ (uint)ordinal);
    }

    /// <summary>A seed for another generator: the first numbers of .NET's own lie in a row for seeds that do.</summary>
    public static int Spread(int seed) => (int)Mix((uint)seed);

    // The finaliser of SplitMix64.
    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15UL;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }
}
