using System.Text.Json;

namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>What a process holds in memory.</summary>
/// <param name="Managed">Bytes of live objects after a full collection.</param>
/// <param name="WorkingSet">Bytes of memory the system has given it.</param>
internal sealed record MemoryUse(long Managed, long WorkingSet)
{
    public static MemoryUse Now()
    {
        var managed = Settled();
        return new MemoryUse(managed, Environment.WorkingSet);
    }

    /// <summary>Live bytes after everything that can go has gone, finalizers' leftovers included.</summary>
    public static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    public static MemoryUse Parse(string line) => JsonSerializer.Deserialize<MemoryUse>(line)!;

    public override string ToString() => JsonSerializer.Serialize(this);
}
