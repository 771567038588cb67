using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Http;

/// <summary>Drives an HTTP server with wrk, on this program's core, and looks at the server's CPU time meanwhile.</summary>
internal static partial class HttpLoad
{
    public const string Usage = "--port N --seconds N [--warmup 4] [--server PID] [--connections 64] [--depth 1] [--path /] [--browser]";

    // wrk's own way to pipeline: several requests in one write.
    const string Script =
        """
        init = function(args)
          local depth, headers = tonumber(args[1]), {}
          if args[2] == "browser" then
            headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
            headers["Accept"] = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
            headers["Accept-Language"] = "en-US,en;q=0.5"
            headers["Accept-Encoding"] = "gzip, deflate, br, zstd"
            headers["Cookie"] = string.rep("session=0123456789abcdef; ", 60)
            headers["Sec-Fetch-Site"] = "same-origin"
            headers["Sec-Fetch-Mode"] = "navigate"
            headers["Upgrade-Insecure-Requests"] = "1"
            headers["Referer"] = "http://localhost/a/page/that/refers/to/this/one"
          end
          local all = {}
          for i = 1, depth do all[i] = wrk.format("GET", nil, headers) end
          wrk_requests = table.concat(all)
        end
        request = function() return wrk_requests end
        """;

    /// <summary>Why it cannot run here; null when it can.</summary>
    public static string? Missing => Program is null ? "there is no wrk (Debian: wrk)" : null;

    static string? Program => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(static folder => Path.Combine(folder, "wrk")).FirstOrDefault(System.IO.File.Exists);

    public static int Run(string[] arguments)
    {
        var line = new CommandLine(
            arguments.Where(static argument => argument != "--browser").ToArray(), "--port", "--seconds", "--warmup", "--server", "--connections", "--depth", "--path");
        var script = Path.Combine(Path.GetTempPath(), "diesel-http.lua");
        System.IO.File.WriteAllText(script, Script);
        try
        {
            _ = Drive(line, script, line.Seconds("--warmup", 4), arguments);
            Console.WriteLine(Drive(line, script, line.Seconds("--seconds"), arguments));
            return 0;
        }
        finally
        {
            System.IO.File.Delete(script);
        }
    }

    static LoadResult Drive(CommandLine line, string script, double seconds, string[] arguments)
    {
        var meter = new CpuMeter(line.Text("--server") is null ? null : line.Int("--server"));
        var url = $"http://127.0.0.1:{line.Int("--port")}{line.Text("--path") ?? "/"}";
        var (before, others) = (meter.Read(), OfChildren());
        using var wrk = Process.Start(new ProcessStartInfo(Program ?? throw new NoResultException(Missing!),
        [
            "-t", "1", "-c", Number.Plain(line.Int("--connections", 64)), "-d", $"{Math.Max(1, (int)Math.Ceiling(seconds))}s", "--latency", "-s", script, url,
            "--", Number.Plain(line.Int("--depth", 1)), arguments.Contains("--browser") ? "browser" : "plain",
        ]) { RedirectStandardOutput = true })!;
        var text = wrk.StandardOutput.ReadToEnd();
        wrk.WaitForExit();
        var own = OfChildren() - others;
        var after = meter.Read();
        var cpu = after.Since(before);
        var elapsed = Stopwatch.GetElapsedTime(before.Timestamp, after.Timestamp).TotalSeconds;
        if (wrk.ExitCode != 0 || Errors().Match(text) is { Success: true })
        {
            throw new NoResultException($"wrk found errors: {text}");
        }

        var done = Find(Done(), text) ?? throw new NoResultException($"wrk said nothing of use: {text}");
        return new LoadResult(done / elapsed, Latency("50%", text), Latency("99%", text), own / elapsed, cpu.Server, Math.Max(0, (cpu.Strangers ?? 0) - (own / elapsed)));
    }

    // proc(5): cutime and cstime, of the children that have ended, are the fields 16 and 17; the name in field 2 may hold spaces.
    static double OfChildren()
    {
        var stat = System.IO.File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields[13..15].Sum(static each => long.Parse(each, CultureInfo.InvariantCulture)) / 100.0;
    }

    static double? Find(Regex pattern, string text) =>
        pattern.Match(text) is { Success: true } match ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    static double? Latency(string percentile, string text)
    {
        var match = Regex.Match(text, $@"{Regex.Escape(percentile)}\s+([0-9.]+)(us|ms|s)");
        return !match.Success ? null : double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * match.Groups[2].Value switch { "us" => 1, "ms" => 1e3, _ => 1e6 };
    }

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Done();

    [GeneratedRegex("Socket errors|Non-2xx")]
    private static partial Regex Errors();
}
