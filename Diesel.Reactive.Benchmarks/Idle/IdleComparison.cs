using System.ComponentModel;
using Diesel.Reactive.Benchmarks.Harness;
using Diesel.Reactive.Benchmarks.Http;
using Diesel.Reactive.Benchmarks.Tls;

namespace Diesel.Reactive.Benchmarks.Idle;

/// <summary>What a connection costs that is open and silent: each has had its answer, and waits for the next question.</summary>
/// <param name="title">What is measured.</param>
/// <param name="against">The peer that <c>diesel</c> is measured by.</param>
/// <param name="target">How many times what that one holds, at most.</param>
/// <param name="chart">The chart's file.</param>
/// <param name="all">The peers.</param>
internal sealed class IdleComparison(string title, string against, double target, string chart, params IdlePeer[] all)
{
    const int Default = 10_000;
    const int DefaultOverTls = 2_000;

    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    static readonly Func<int, IDisposable> Echo = static port => new IdleConnection(port);

    public static Benchmark Benchmark { get; } = Of(
        "idle", "memory for each idle connection", Default, "--rounds 1 --peers diesel,kestrel",
        new("idle connection", "kestrel", 0.25, "idle.svg",
            new("diesel", "diesel", Echo), new("diesel-portable", "diesel-portable", Echo), new("kestrel", "kestrel", Echo), new("socket", "socket", Echo)));

    public static Benchmark TlsBenchmark { get; } = Of(
        "tls-idle", "memory for each idle connection over TLS", DefaultOverTls, "--rounds 1 --connections 500 --peers diesel,kestrel",
        new("idle connection over TLS", "kestrel", 0.5, "tls-idle.svg",
            new("diesel", "tls:diesel", TlsIdleConnection.Open), new("diesel-portable", "tls:diesel-portable", TlsIdleConnection.Open), new("kestrel", "tls:kestrel", TlsIdleConnection.Open)));

    public static Benchmark HttpBenchmark { get; } = Of(
        "http-idle", "memory for each HTTP connection at rest", Default, "--rounds 1 --peers diesel,echo,kestrel",
        new("HTTP connection at rest", "echo", 1.3, "http-idle.svg",
            new("diesel", "http:diesel", HttpIdleConnection.Open), new("echo", "diesel", Echo), new("kestrel", "http:kestrel", HttpIdleConnection.Open)));

    static Benchmark Of(string name, string summary, int connections, string quick, IdleComparison comparison) => new(
        name, summary, ["--rounds", "--connections", "--peers"], $"[--rounds 3] [--connections {Number.Plain(connections)}] [--peers NAME,…]",
        Full: "--rounds 3", Quick: quick, options => comparison.Measure(options, connections));

    Report Measure(CommandLine options, int otherwise)
    {
        var connections = WithinLimit(options.Int("--connections", otherwise));
        var peers = options.Names("--peers", [.. all.Select(peer => peer.Name)]);
        var failures = new List<string>();
        var rounds = Rounds<MemoryUse>.Run(options.Int("--rounds", 3), peers, (round, name) =>
        {
            try
            {
                var peer = Array.Find(all, peer => peer.Name == name) ?? throw new UsageException($"unknown peer '{name}'; known: {string.Join(", ", all.Select(peer => peer.Name))}");
                var use = Measure(peer, connections);
                Console.Error.WriteLine($"round {round}, {name}: {use.Managed / connections} bytes managed, {use.WorkingSet / connections} in all");
                return use;
            }
            catch (Exception error) when (error is NoResultException or Win32Exception)
            {
                failures.Add($"round {round}, {name}: {error.Message}");
                return null;
            }
        });
        Ratio? Managed(string peer) => rounds.RatioOf(peer, against, use => use.Managed);

        string[] table =
        [
            $"| peer | connections | managed bytes each | × {against} | working set each |",
            "|---|--:|--:|--:|--:|",
            .. peers.Select(peer =>
                $"| {peer} | {connections:N0} | {Each(peer, use => use.Managed)} | {Managed(peer)?.ToString() ?? "–"} | {Each(peer, use => use.WorkingSet)} |"),
            "",
            "Managed bytes are what is alive after a full collection, with the connections less without them; the working set is what the "
            + "system has given to the process, which the collector returns when it likes. The kernel's own memory for a socket is in neither.",
        ];
        return new Report(
            string.Join('\n', table),
            [
                new BarChart(chart, $"Memory for each {title}", "managed bytes", [
                    BarGroup.Of("", peers.Select(peer => (peer, rounds.Median(peer, use => (double)use.Managed / connections)))),
                ]),
            ],
            [new Verdict($"managed bytes per {title}, {connections:N0} of them", against, Managed("diesel")?.Middle, target, IsAtMost: true)],
            failures);

        string Each(string peer, Func<MemoryUse, double?> value) => Number.Text(rounds.Median(peer, value) / connections);
    }

    static MemoryUse Measure(IdlePeer peer, int connections)
    {
        using var server = new PinnedProcess(place: 0, Servers.Find(peer.Server).Command);
        var listening = server.ReadLine(Deadline);
        var port = int.Parse(listening[(listening.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        var clients = new List<IDisposable>();
        try
        {
            // What the first connections bring with them (code, pools, tables) is not theirs.
            Open(100);
            var before = Ask(server);
            Open(connections);
            var after = Ask(server);
            return new MemoryUse(after.Managed - before.Managed, after.WorkingSet - before.WorkingSet);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        void Open(int count) => clients.AddRange(Enumerable.Range(0, count).Select(_ => peer.Open(port)));
    }

    static MemoryUse Ask(PinnedProcess server)
    {
        server.WriteLine(OwnServer.MemoryQuestion);
        return MemoryUse.Parse(server.ReadLine(Deadline));
    }

    static int WithinLimit(int connections)
    {
        const int Others = 500;
        const string Limits = "/proc/self/limits";
        var limit = File.Exists(Limits)
            ? File.ReadLines(Limits).First(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[4]
            : "unlimited";

        // The runtime has raised the soft limit to the hard one.
        if (!int.TryParse(limit, out var most) || connections + Others <= most)
        {
            return connections;
        }

        Console.Error.WriteLine($"only {most - Others} connections: this process may open {most} files (ulimit -Hn)");
        return most - Others;
    }
}

/// <summary>A server, and how a client of it comes to rest.</summary>
/// <param name="Name">In the table.</param>
/// <param name="Server">Of <see cref="Servers"/>.</param>
/// <param name="Open">Connects to a port, and has one answer.</param>
internal sealed record IdlePeer(string Name, string Server, Func<int, IDisposable> Open);
