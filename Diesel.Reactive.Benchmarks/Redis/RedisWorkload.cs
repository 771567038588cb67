namespace Diesel.Reactive.Benchmarks.Redis;

/// <summary>Who asks.</summary>
internal enum RedisAsking
{
    /// <summary>One caller, for as many as the depth at once.</summary>
    Batches,

    /// <summary>As many callers as the depth, each for one at a time; where a client has a thread of its own, on that.</summary>
    Callers,

    /// <summary>The same, as tasks of the thread pool.</summary>
    PoolCallers,

    /// <summary>Nobody: messages are published, and received.</summary>
    Nobody,
}

/// <summary>What is asked of a Redis server over one connection.</summary>
/// <param name="Name">As the command line has it.</param>
/// <param name="Asking">Who asks.</param>
/// <param name="IsSet">SET, and not GET.</param>
/// <param name="Depth">Commands under way.</param>
/// <param name="Length">Bytes of a value, or of a message.</param>
internal sealed record RedisWorkload(string Name, RedisAsking Asking, bool IsSet, int Depth, int Length = 64)
{
    /// <summary>What redis-benchmark reads and writes when it is not told to draw keys.</summary>
    public const string Key = "key:__rand_int__";

    public const int Large = 1024 * 1024;

    /// <summary>From which length on .NET collects an array with the oldest objects only, where that is longer than <see cref="Large"/>.</summary>
    public const string BeyondLarge = "DOTNET_GCLOHThreshold=0x200000";

    public static readonly RedisWorkload[] All =
    [
        new("get16", RedisAsking.Batches, IsSet: false, 16),
        new("set16", RedisAsking.Batches, IsSet: true, 16),
        new("get64", RedisAsking.Batches, IsSet: false, 64),
        new("set64", RedisAsking.Batches, IsSet: true, 64),
        new("get1000", RedisAsking.Callers, IsSet: false, 1000),
        new("set1000", RedisAsking.Callers, IsSet: true, 1000),
        new("pool-get1000", RedisAsking.PoolCallers, IsSet: false, 1000),
        new("pool-set1000", RedisAsking.PoolCallers, IsSet: true, 1000),
        new("get1", RedisAsking.Callers, IsSet: false, 1),
        new("set1", RedisAsking.Callers, IsSet: true, 1),
        new("get1-large", RedisAsking.Callers, IsSet: false, 1, Large),
        new("get1-large-young", RedisAsking.Callers, IsSet: false, 1, Large) { CollectsEarly = true },
        new("published", RedisAsking.Nobody, IsSet: false, 1),
    ];

    public static RedisWorkload Find(string name) =>
        Array.Find(All, workload => workload.Name == name) ?? throw new UsageException($"unknown workload '{name}'; known: {string.Join(", ", All.Select(one => one.Name))}");

    /// <summary>Whether .NET is told to collect such arrays as it does short ones.</summary>
    public bool CollectsEarly { get; init; }

    /// <summary>Whether this many are on their way because each has a caller of its own.</summary>
    public bool HasCallers => Asking is RedisAsking.Callers or RedisAsking.PoolCallers && Depth > 1;

    public string Text => Asking switch
    {
        RedisAsking.Nobody => "messages received",
        RedisAsking.Batches => $"{Verb}, batches of {Depth}",
        RedisAsking.PoolCallers => $"{Verb}, {Depth} callers of the pool",
        _ when Depth > 1 => $"{Verb}, {Depth} callers",
        _ when CollectsEarly => $"{Verb} of 1 MiB, one caller, `LOHThreshold` 2 MiB",
        _ => Length == Large ? $"{Verb} of 1 MiB, one caller" : $"{Verb}, one caller",
    };

    private string Verb => IsSet ? "SET" : "GET";
}
