namespace Diesel.Reactive.Benchmarks.Dns;

/// <summary>Who asks, and how.</summary>
/// <param name="Name">On the command line.</param>
/// <param name="Text">In the tables.</param>
/// <param name="Callers">Each asks again when it was answered.</param>
/// <param name="IsTcp">Over one connection.</param>
/// <param name="IsCached">By a resolver that knows the answers.</param>
internal sealed record DnsWorkload(string Name, string Text, int Callers, bool IsTcp = false, bool IsCached = false)
{
    public static IReadOnlyList<DnsWorkload> All { get; } =
    [
        new("udp1", "uncached A, one at a time", 1),
        new("udp64", "uncached A, 64 callers", 64),
        new("tcp64", "uncached A over TCP, 64 callers", 64, IsTcp: true),
        new("cached1000", "cached A, 1000 callers", 1000, IsCached: true),
    ];

    public static DnsWorkload Find(string name) => All.FirstOrDefault(one => one.Name == name)
        ?? throw new UsageException($"unknown workload '{name}'; known: {string.Join(", ", All.Select(one => one.Name))}");
}
