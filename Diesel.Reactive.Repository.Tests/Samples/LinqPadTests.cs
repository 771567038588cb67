namespace Diesel.Reactive.Tests;

/// <summary>Each query that comes with the packages: compiled as LINQPad does, and run.</summary>
[Parallelizable(ParallelScope.All)]
public class LinqPadTests
{
    private static readonly Dictionary<string, string> Shows = new()
    {
        ["1 Streams of bytes/1 A server in a line"] = "the answer: HELLO",
        ["1 Streams of bytes/2 Framing is an operator"] = "of 1 chunks: one, two|of 4 chunks: one, two",
        ["1 Streams of bytes/3 Framings compose"] = "two frames: hello, hi",
        ["1 Streams of bytes/4 A port scan of this machine"] = "open ports: *",
        ["1 Streams of bytes/5 Datagrams"] = "the answer: is anybody there?",
        ["2 Waiting/1 The first of several"] = "before: nothing for 50 ms|after: an item",
        ["2 Waiting/2 Fire and wait"] = "heard: this is heard",
        ["2 Waiting/3 An event"] = "who waited: waiter 1 goes on, waiter 2 goes on, waiter 3 goes on|: who came late goes on, too",
        ["2 Waiting/4 Two consumers of a queue"] = "who got what: *",
        ["2 Waiting/5 A stream, live"] = "ticks: tick 0|ticks: tick 1|ticks: tick 2|ticks: tick 3|ticks: tick 4",
        ["3 A chat/1 A chat room"] = "Bob hears: hello, Bob",
        ["4 Looking inside/1 A hub at this moment"] = ": *",
        ["5 Protocols/1 DNS lookups racing"] = "*www.example.test is 192.0.2.1*",
        ["5 Protocols/2 A web server and its client"] = "the answer: You asked for /hello.",
        ["5 Protocols/3 A cache that computes once"] = ": { pages = 100, computed = 1 }",
        ["5 Protocols/4 Redis, as a stream of what it does"] = "*greeting: hello*",
        ["6 Time is virtual/1 Operators, drawn as marbles"] = ": *Throttle(3 ms)*",
        ["6 Time is virtual/2 A conversation over a slow link"] = "the answer: HELLO|virtual time: 00:00:00.0400000|what crossed: *",
    };

    public static IEnumerable<string> Queries =>
        Directory.EnumerateFiles(LinqPadQuery.Folder, "*.linq", SearchOption.AllDirectories)
            .Select(path => Path.ChangeExtension(Path.GetRelativePath(LinqPadQuery.Folder, path), null)).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Queries))]
    public async Task A_query_runs_and_shows_what_it_says(string name)
    {
        using var redis = name.Contains("Redis", StringComparison.Ordinal) ? RedisServer.Start() : null;
        var query = LinqPadQuery.Read($"{name}.linq");
        var shown = await query.Run(code => redis is null ? code : code.Replace("\"localhost\"", $"\"localhost:{redis.Port}\"", StringComparison.Ordinal));

        Assert.That(string.Join('|', shown), Does.Match($"(?s)^{string.Join(".*", Shows[name].Split('*').Select(System.Text.RegularExpressions.Regex.Escape))}$"));
    }

    [Test]
    public void There_are_as_many_as_are_checked() => Assert.That(Queries, Is.EqualTo(Shows.Keys));

    [TestCaseSource(nameof(Queries))]
    public void A_query_names_the_package_that_it_comes_with(string name)
    {
        var query = LinqPadQuery.Read($"{name}.linq");
        Assert.That(query.Kind, Is.EqualTo("Statements"));
        Assert.That(query.Packages, Has.Count.EqualTo(1).And.All.AnyOf("Diesel.Reactive", "Diesel.Reactive.Protocols", "Diesel.Reactive.Testing"));
    }
}
