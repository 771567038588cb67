using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Diesel.Reactive.Inspector;
using Diesel.Reactive.Marbles;

namespace Diesel.Reactive.Tests;

/// <summary>The pages in a real browser, driven by mouse and keyboard.</summary>
[NonParallelizable]
public class BrowserTests
{
    private const string Node = "/usr/bin/node";
    private const string Chromium = "/usr/bin/chromium";
    private const int Connections = 200;

    private static readonly string Modules = Repository.PathOf("artifacts", "browser");

    // Where to keep pictures, to be looked at; null: none are made.
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("MARBLES_PICTURES");

    [SetUp]
    public void RequireBrowser()
    {
        if (!File.Exists(Node) || !File.Exists(Chromium) || !Directory.Exists(Path.Combine(Modules, "node_modules", "playwright-core")))
        {
            Assert.Ignore($"Needs {Chromium}, and playwright-core: npm install --prefix {Modules} playwright-core");
        }
    }

    [Test]
    public void A_marble_is_dragged_and_moved_by_keys_and_the_result_follows()
    {
        var folder = Directory.CreateTempSubdirectory("browser").FullName;
        var path = Path.Combine(folder, "throttle.marble");
        File.Copy(Repository.PathOf("Diesel.Reactive.Testing.Tests", "Cases", "throttle.marble"), path);
        var before = File.ReadAllText(path);
        using var watch = new WatchCommand(folder, typeof(BrowserTests).Assembly.Location, 0);
        var (facts, gone) = Drive("watch", watch.Address, watch.Dispose);
        Assert.That(facts.GetProperty("before").GetString(), Does.Contain("passes"));
        Assert.That(facts.GetProperty("dragged").GetString(), Does.Contain("hot    keys   : --a---b----c--|"));
        Assert.That(facts.GetProperty("difference").GetInt32(), Is.GreaterThan(0));
        Assert.That(facts.GetProperty("back").GetString(), Is.EqualTo(before));
        Assert.That(facts.GetProperty("error").GetString(), Does.Contain("'hut' is no role"));
        Assert.That(File.ReadAllText(path), Is.EqualTo(before), "what is wrong is not written");
        Assert.That(gone, Is.EqualTo("marbles watch has stopped."));
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public void Two_hundred_connections_are_shown_and_what_one_says_within_200_ms()
    {
        using var live = new Live();
        using var inspector = live.Hub.Inspect();
        var service = new TcpService(0, static connection => connection.UntilEol(), new() { Layer = inspector.Tap });
        service.Start(live.Hub);
        var clients = Enumerable.Range(0, Connections).Select(_ => new TcpClient()).ToList();
        clients.ForEach(client => client.Connect(IPAddress.Loopback, service.Port));
        using var ended = new CancellationTokenSource();
        var saying = Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested)
            {
                await clients[0].GetStream().WriteAsync($"at {DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}\r\n".ToBytes());
                await Task.Delay(50);
            }
        });
        var (facts, gone) = Drive("inspect", inspector.Address, inspector.Dispose);
        ended.Cancel();
        saying.Wait();
        clients.ForEach(static client => client.Dispose());
        TestContext.Out.WriteLine($"Of twenty lines, all but two appeared within {facts.GetProperty("late").GetDouble()} ms, the latest after {facts.GetProperty("latest").GetDouble()} ms.");
        Assert.That(facts.GetProperty("connections").GetInt32(), Is.EqualTo(Connections));

        // Beside other tests the machine is not the browser's alone: there the lines have to appear, and that is all.
        Assert.That(facts.GetProperty("late").GetDouble(), Is.LessThan(Live.IsSoak ? 200 : Live.Patience.TotalMilliseconds));
        Assert.That((facts.GetProperty("marbles").GetBoolean(), facts.GetProperty("paused").GetString(), facts.GetProperty("still").GetBoolean()), Is.EqualTo((true, "paused", true)));
        Assert.That(facts.GetProperty("test").GetString(), Does.Contain("rx: @\"").And.Contain("'at "));
        Assert.That(gone, Is.EqualTo("The program has stopped, or closed this page."));
    }

    private static (JsonElement Facts, string? Gone) Drive(string what, Uri address, Action stop)
    {
        using var node = Process.Start(new ProcessStartInfo(Node,
            [Repository.PathOf("Diesel.Reactive.Testing.Tests", "Watching", "pages.mjs"), Modules, Chromium, what, address.ToString(), Pictures ?? ""])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var errors = node.StandardError.ReadToEndAsync();
        try
        {
            var facts = Line();
            stop();
            var end = Line();
            Assert.That(end.GetProperty("errors").EnumerateArray().Select(static error => error.GetString()), Is.Empty);
            return (facts, end.GetProperty("gone").GetString());
        }
        finally
        {
            if (!node.WaitForExit(5000))
            {
                node.Kill(entireProcessTree: true);
            }
        }

        JsonElement Line() => node.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)).GetAwaiter().GetResult() is { } line
            ? JsonDocument.Parse(line).RootElement : throw new InvalidOperationException($"The browser ended: {errors.WaitAsync(TimeSpan.FromSeconds(5)).GetAwaiter().GetResult()}");
    }
}
