using System.Globalization;
using System.Runtime.InteropServices;

namespace Diesel.Reactive.Benchmarks.Echo;

/// <summary>The table of a comparison, with everything needed to repeat and to doubt it.</summary>
internal sealed class EchoReport(IReadOnlyList<string> arguments, IReadOnlyList<EchoRow> rows)
{
    const string Begin = "<!-- echo -->";
    const string End = "<!-- /echo -->";

    /// <summary>Replaces what a Markdown file holds between the two markers.</summary>
    public void WriteTo(string file)
    {
        var (before, after) = AroundSection(file);
        File.WriteAllText(file, $"{before}\n\n{this}\n\n{after}");
    }

    /// <summary>What a Markdown file holds up to the first marker, and from the second one on.</summary>
    /// <exception cref="UsageException">There is no such file, or it has no such section.</exception>
    public static (string Before, string After) AroundSection(string file)
    {
        var text = File.Exists(file) ? File.ReadAllText(file) : throw new UsageException($"there is no file '{file}'");
        var begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = text.IndexOf(End, StringComparison.Ordinal);
        return begin >= Begin.Length && end >= begin
            ? (text[..begin], text[end..])
            : throw new UsageException($"'{file}' has no section between {Begin} and {End}");
    }

    public override string ToString() => string.Join('\n',
    [
        $"{Today()}, {Machine()}; {CpuPinning.Description}.",
        "",
        "```",
        string.Join(' ', ["dotnet run -c Release --project Diesel.Reactive.Benchmarks -- echo", .. arguments]),
        "```",
        "",
        EchoRow.Header,
        .. rows.Select(row => row.ToString()),
        "",
        "Medians of the rounds; in brackets the ratio of the worst and of the best round. Lines/CPU s are lines for "
        + "each second of CPU time the server used, and how many times kestrel's that is: where others disturbed, the "
        + "better measure. The last three columns are CPU use during the measurement: of the "
        + "server, of the load generator, and of anything else on their two cores (the worse one).",
        "",
        Saturation().TrimEnd(),
    ]);

    string Saturation() =>
        "The generator is not the bottleneck where its own CPU use is below 97 % while the server's is above 90 %. "
        + Where("Where the generator was full, the rate is a lower bound", rows.Where(row => row.GeneratorIsFull))
        + Where("Where the server was not full, others disturbed it", rows.Where(row => row.ServerIsNotFull));

    static string Where(string judgement, IEnumerable<EchoRow> rows) =>
        $"{judgement}: {string.Join("; ", rows.Select(row => row.Name).DefaultIfEmpty("no row"))}. ";

    static string Today() => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static string Machine() =>
        $"{Cpu()}, {RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}, "
        + RuntimeInformation.FrameworkDescription;

    static string Cpu()
    {
        const string Info = "/proc/cpuinfo";
        var model = File.Exists(Info)
            ? File.ReadLines(Info).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return $"{Environment.ProcessorCount} cores of {model?.Split(": ")[1] ?? "an unnamed CPU"}";
    }
}
