using System.Globalization;
using System.Runtime.InteropServices;

namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>When and on what it was measured: what a reader needs to repeat it, or to doubt it.</summary>
internal static class Machine
{
    public static string Description =>
        $"{TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, {Cpu()}, "
        + $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}, {RuntimeInformation.FrameworkDescription}";

    static string Cpu()
    {
        const string Info = "/proc/cpuinfo";
        var model = File.Exists(Info)
            ? File.ReadLines(Info).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return $"{Environment.ProcessorCount} cores of {model?.Split(": ")[1] ?? "an unnamed CPU"}";
    }
}
