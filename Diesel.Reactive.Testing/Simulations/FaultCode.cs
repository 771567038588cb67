using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>A failure as C# that runs it alone.</summary>
internal static class FaultCode
{
    private const int LongestLine = 150;

    /// <summary>The call, in as many lines as it takes.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="scenario">What the test gave, as it wrote it.</param>
    /// <param name="faults">The only faults.</param>
    public static string[] Of(int seed, string scenario, IReadOnlyList<Fault> faults)
    {
        var name = scenario.All(static c => char.IsLetterOrDigit(c) || c is '_' or '.') ? scenario : "scenario";
        var call = string.Create(CultureInfo.InvariantCulture, $"Simulation.Once({seed}, {name}, only: [");
        string[] items = [.. faults.Select(Of)];
        var line = $"{call}{string.Join(", ", items)}]);";
        return line.Length <= LongestLine ? [line] : [call, .. items.Select(static item => $"    {item},"), "]);"];
    }

    private static string Of(Fault fault)
    {
        var amounts = string.Join(", ", Amounts(fault));
        return string.Create(CultureInfo.InvariantCulture, $"new(FaultKind.{fault.Kind}, {Quoted(fault.Link)}, {fault.Ordinal}){(amounts.Length == 0 ? "" : $" {{ {amounts} }}")}");
    }

    private static IEnumerable<string> Amounts(Fault fault)
    {
        if (fault.After is { } after)
        {
            yield return $"After = {Of(after)}";
        }

        if (fault.Lasts is { } lasts)
        {
            yield return $"Lasts = {Of(lasts)}";
        }

        if (fault.Bytes is { } bytes)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Bytes = {bytes}");
        }
    }

    private static string Of(TimeSpan time) => time.Ticks % TimeSpan.TicksPerSecond == 0
        ? string.Create(CultureInfo.InvariantCulture, $"TimeSpan.FromSeconds({time.Ticks / TimeSpan.TicksPerSecond})")
        : time.Ticks % TimeSpan.TicksPerMillisecond == 0
            ? string.Create(CultureInfo.InvariantCulture, $"TimeSpan.FromMilliseconds({time.Ticks / TimeSpan.TicksPerMillisecond})")
            : string.Create(CultureInfo.InvariantCulture, $"TimeSpan.FromTicks({time.Ticks})");

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
