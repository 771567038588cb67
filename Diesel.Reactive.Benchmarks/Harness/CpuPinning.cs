using System.Globalization;

namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>Which cores processes run on: one for the server, one for the generator, if there are two.</summary>
internal static class CpuPinning
{
    const string Label = "Cpus_allowed_list:";

    static readonly string? Taskset = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "taskset"))
        .FirstOrDefault(File.Exists);

    static readonly int[] Cores = CoresOf(Environment.ProcessId);

    public static bool Available => Taskset is not null && Cores.Length >= 2;

    /// <summary>How this run is pinned, for its report.</summary>
    public static string Description =>
        Available ? $"server pinned to core {Cores[0]}, load generator to core {Cores[1]}"
        : Taskset is null ? "not pinned to cores (no taskset here): the numbers say little"
        : "not pinned to cores (only one is allowed here): the numbers say little";

    /// <summary>The command that runs another one on one core, if that is possible; its process id stays.</summary>
    public static IReadOnlyList<string> Command(int place, IReadOnlyList<string> command) =>
        Available ? [Taskset!, "-c", Cores[place].ToString(CultureInfo.InvariantCulture), .. command] : command;

    /// <summary>The cores a process may run on; none where /proc does not tell.</summary>
    public static int[] CoresOf(int id)
    {
        var status = $"/proc/{id}/status";
        var list = File.Exists(status)
            ? File.ReadLines(status).FirstOrDefault(line => line.StartsWith(Label, StringComparison.Ordinal))
            : null;
        return list is null ? [] : [.. list[Label.Length..].Split(',').SelectMany(Range)];
    }

    static IEnumerable<int> Range(string range)
    {
        var ends = range.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture)).ToArray();
        return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
    }
}
