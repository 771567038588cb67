namespace Diesel.Reactive.Benchmarks.Redis;

/// <summary>What is asked of a Redis server over one connection.</summary>
/// <param name="Name">As the command line has it.</param>
/// <param name="IsSet">SET, and not GET; of 64 bytes.</param>
/// <param name="Depth">Commands under way.</param>
/// <param name="IsBatch">Whether they are written and awaited together, and not each by its own caller.</param>
internal sealed record RedisWorkload(string Name, bool IsSet, int Depth, bool IsBatch)
{
    public const int ValueLength = 64;
    public const string Key = "key:benchmark";

    public static readonly RedisWorkload[] All =
    [
        new("get16", IsSet: false, 16, IsBatch: true),
        new("set16", IsSet: true, 16, IsBatch: true),
        new("get64", IsSet: false, 64, IsBatch: true),
        new("set64", IsSet: true, 64, IsBatch: true),
        new("get1000", IsSet: false, 1000, IsBatch: false),
        new("set1000", IsSet: true, 1000, IsBatch: false),
        new("get1", IsSet: false, 1, IsBatch: false),
        new("set1", IsSet: true, 1, IsBatch: false),
    ];

    public static RedisWorkload Find(string name) =>
        Array.Find(All, workload => workload.Name == name) ?? throw new UsageException($"unknown workload '{name}'; known: {string.Join(", ", All.Select(one => one.Name))}");

    public string Text => $"{(IsSet ? "SET" : "GET")}, {(IsBatch ? $"batches of {Depth}" : Depth == 1 ? "one caller" : $"{Depth} callers")}";
}
