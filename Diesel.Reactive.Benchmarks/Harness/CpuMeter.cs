using System.Diagnostics;
using System.Globalization;

namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>
/// CPU time, in seconds, of this process, of the watched server, and of everything on the cores they are pinned to.
/// </summary>
internal sealed class CpuMeter(int? serverId)
{
    // USER_HZ, the unit of /proc, is 100 on every Linux that .NET runs on.
    const double TicksPerSecond = 100;

    readonly int? _ownCore = OnlyCoreOf(Environment.ProcessId);
    readonly int? _serverCore = OnlyCoreOf(serverId);

    public Reading Read() => new(
        Stopwatch.GetTimestamp(),
        Environment.CpuUsage.TotalTime.TotalSeconds,
        serverId is { } id ? OfProcess(id) : null,
        OfCore(_ownCore),
        OfCore(_serverCore));

    // proc(5): utime and stime are the fields 14 and 15; the name in field 2 may hold spaces, so count from its end.
    static double OfProcess(int id)
    {
        var stat = File.ReadAllText($"/proc/{id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Sum(fields[11..13]);
    }

    // proc(5): cpuN user nice system idle iowait irq softirq steal. The softirqs are the loopback device delivering
    // what the two processes send, and the kernel bills them for it.
    static double? OfCore(int? core)
    {
        var label = $"cpu{core} ";
        return File.ReadLines("/proc/stat").FirstOrDefault(line => line.StartsWith(label, StringComparison.Ordinal))
            is { } line && line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is var fields
            ? Sum([.. fields[1..4], .. fields[6..9]])
            : null;
    }

    static int? OnlyCoreOf(int? id) => id is { } known && CpuPinning.CoresOf(known) is [var only] ? only : null;

    static double Sum(string[] ticks) =>
        ticks.Sum(each => long.Parse(each, CultureInfo.InvariantCulture)) / TicksPerSecond;

    public readonly record struct Reading(
        long Timestamp, double Own, double? Server, double? OwnCore, double? ServerCore)
    {
        /// <summary>Cores in use since an earlier reading; by strangers: on the worse of the two.</summary>
        public (double Own, double? Server, double? Strangers) Since(Reading earlier)
        {
            var seconds = Stopwatch.GetElapsedTime(earlier.Timestamp, Timestamp).TotalSeconds;
            var own = Own - earlier.Own;
            var server = Server - earlier.Server;
            double?[] strangers = [OwnCore - earlier.OwnCore - own, ServerCore - earlier.ServerCore - server];
            var most = strangers.Max();
            return (own / seconds, server / seconds, most is < 0 ? 0 : most / seconds);
        }
    }
}
