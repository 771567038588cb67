namespace Diesel.Reactive.Benchmarks.Memcached;

/// <summary>Who asks a memcached server.</summary>
internal enum MemcachedAsking
{
    /// <summary>One caller, which awaits as many gets as the depth together.</summary>
    Gets,

    /// <summary>One caller, for as many keys as the depth in one call.</summary>
    Many,

    /// <summary>As many callers as the depth, each for one at a time.</summary>
    Callers,
}

/// <summary>What a client asks of memcached over one connection: values of 64 bytes.</summary>
/// <param name="Name">As the command line has it.</param>
/// <param name="Asking">Who asks.</param>
/// <param name="Depth">Commands under way.</param>
internal sealed record MemcachedWorkload(string Name, MemcachedAsking Asking, int Depth)
{
    public const int Length = 64;

    /// <summary>How many of them the loop without a client keeps under way, where there are more callers than a batch is long.</summary>
    public const int MostRaw = 64;

    public static readonly MemcachedWorkload[] All =
    [
        new("gets16", MemcachedAsking.Gets, 16),
        new("gets64", MemcachedAsking.Gets, 64),
        new("many16", MemcachedAsking.Many, 16),
        new("many64", MemcachedAsking.Many, 64),
        new("get1000", MemcachedAsking.Callers, 1000),
        new("get1", MemcachedAsking.Callers, 1),
    ];

    public int RawDepth => Math.Min(Depth, MostRaw);

    public string Text => Asking switch
    {
        MemcachedAsking.Gets => $"`Get`, {Depth} awaited together",
        MemcachedAsking.Many => $"`GetMany` of {Depth} keys",
        _ => Depth == 1 ? "`Get`, one caller" : $"`Get`, {Depth} callers",
    };

    public static string Key(int number) => $"benchmark:{number:D6}";

    public static MemcachedWorkload Find(string name) =>
        Array.Find(All, workload => workload.Name == name) ?? throw new UsageException($"unknown workload '{name}'; known: {string.Join(", ", All.Select(one => one.Name))}");
}
