using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Diesel.Reactive.Tests;

/// <summary>Microsoft's templates of web applications, with one line more, over a hub and over Kestrel: each is used as a browser would, and what both answer is compared
/// field by field.</summary>
public sealed partial class TemplateAppTests
{
    private const string Switch =
        """
        if (Environment.GetEnvironmentVariable("ON_DIESEL") is { } mode) Diesel.Reactive.AspNetCore.HubWebHosting.UseDiesel(builder.WebHost, new() { RunsOnHub = mode == "hub", ReusesRequests = true });
        var app = builder.Build();
        """;

    // Not App, which is the name of Blazor's first component.
    private const string Name = "Site";

    private static readonly bool IsSoak = Environment.GetEnvironmentVariable("DIESEL_SOAK") == "1";

    [TestCase("web", "")]
    [TestCase("webapi", "")]
    [TestCase("webapi", "--use-controllers")]
    [TestCase("mvc", "")]
    [TestCase("razor", "")]
    [TestCase("blazor", "--interactivity Server")]
    [TestCase("blazor", "--empty --interactivity None")]
    [TestCase("webapp", "--auth None")]
    public async Task It_answers_alike(string template, string options)
    {
        if (!IsSoak && template is not "razor")
        {
            Assert.Ignore("Each takes a build: DIESEL_SOAK=1 has all.");
        }

        var folder = Directory.CreateTempSubdirectory("diesel-template");
        try
        {
            var program = await Make(folder.FullName, template, options);
            await using var kestrel = await Serve(program, null);
            foreach (var mode in (string[])["pool", "hub"])
            {
                await using var ours = await Serve(program, mode);
                var comparison = new WebComparisonRun(kestrel.Address, ours.Address);
                await comparison.Run(least: 300);
                TestContext.Out.WriteLine($"{template} {options} {mode}: {comparison}");
                Assert.That(comparison.Differences, Is.Empty);
                Assert.That(comparison.Count, Is.AtLeast(300));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> Make(string folder, string template, string options)
    {
        await Dotnet(["new", template, "-n", Name, "-o", folder, "--no-restore", "--no-https", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        var (project, program) = (Path.Combine(folder, $"{Name}.csproj"), Path.Combine(folder, "Program.cs"));
        var bin = AppContext.BaseDirectory;
        string[] libraries = ["Diesel.Reactive", "Diesel.Reactive.Protocols", "Diesel.Reactive.Hosting", "Diesel.Reactive.AspNetCore", "System.Reactive"];
        var references = string.Concat(libraries.Select(name => $"<Reference Include=\"{Path.Combine(bin, name)}.dll\" />"));
        File.WriteAllText(project, File.ReadAllText(project).Replace("</Project>", $"<ItemGroup>{references}</ItemGroup></Project>", StringComparison.Ordinal));
        var text = File.ReadAllText(program);
        var switched = Build().Replace(text, Switch);
        Assert.That(switched, Is.Not.EqualTo(text), "The template has another shape.");
        File.WriteAllText(program, switched);
        await Dotnet("build", project, "-c", "Release", "-v", "q", "-nodeReuse:false");
        return Path.Combine(folder, "bin", "Release", "net10.0", $"{Name}.dll");
    }

    private static async Task Dotnet(params string[] arguments)
    {
        var (code, text) = await SampleTool.Run("dotnet", arguments);
        Assert.That(code, Is.Zero, text);
    }

    private static async Task<Served> Serve(string program, string? mode)
    {
        var start = new ProcessStartInfo("dotnet", [program, "--urls", "http://127.0.0.1:0", "--contentRoot", Path.GetFullPath(Path.Combine(program, "../../../.."))])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetDirectoryName(program),
        };
        start.Environment["ON_DIESEL"] = mode;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        var process = Process.Start(start)!;
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        }
        while (line is not null && !Listening().IsMatch(line));

        Assert.That(line, Is.Not.Null, "It has ended.");
        _ = process.StandardOutput.ReadToEndAsync();
        return new(process, new Uri(Listening().Match(line!).Groups[1].Value));
    }

    [GeneratedRegex(@"(?m)^var app = builder\.Build\(\);")]
    private static partial Regex Build();

    [GeneratedRegex(@"[Ll]istening on:? (http://\S+)")]
    private static partial Regex Listening();

    private sealed record Served(Process Process, Uri Address) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            Process.Kill();
            await Process.WaitForExitAsync();
            Process.Dispose();
        }
    }
}
