using System.ComponentModel;
using Diesel.Reactive.Benchmarks.Echo;
using Diesel.Reactive.Benchmarks.Harness;
using Diesel.Reactive.Benchmarks.Tls;

namespace Diesel.Reactive.Benchmarks.Idle;

/// <summary>What a connection costs that is open and silent: each has echoed one line and waits for the next.</summary>
/// <param name="prefix">Before the names of the servers.</param>
/// <param name="target">Times what Kestrel holds, at most.</param>
/// <param name="open">Connects, and has a line echoed.</param>
internal sealed class IdleComparison(string prefix, double target, Func<int, LineTape, IDisposable> open)
{
    const int Default = 10_000;
    const int DefaultOverTls = 2_000;

    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static Benchmark Benchmark { get; } = new(
        "idle",
        "memory for each idle connection",
        ["--rounds", "--connections", "--peers"],
        "[--rounds 3] [--connections 10000] [--peers NAME,…]",
        Full: "--rounds 3",
        Quick: "--rounds 1 --peers diesel,kestrel",
        options => new IdleComparison("", 0.25, static (port, tape) => new IdleConnection(port, tape)).Measure(options, Default, "diesel", "diesel-portable", "kestrel", "socket"));

    public static Benchmark TlsBenchmark { get; } = new(
        "tls-idle",
        "memory for each idle connection over TLS",
        ["--rounds", "--connections", "--peers"],
        "[--rounds 3] [--connections 2000] [--peers NAME,…]",
        Full: "--rounds 3",
        Quick: "--rounds 1 --connections 500 --peers diesel,kestrel",
        options => new IdleComparison("tls:", 0.5, TlsIdleConnection.Open).Measure(options, DefaultOverTls, "diesel", "diesel-portable", "kestrel"));

    Report Measure(CommandLine options, int otherwise, params string[] all)
    {
        var connections = WithinLimit(options.Int("--connections", otherwise));
        var peers = options.Names("--peers", all);
        var failures = new List<string>();
        var rounds = Rounds<MemoryUse>.Run(options.Int("--rounds", 3), peers, (round, peer) =>
        {
            try
            {
                var use = Measure(peer, connections);
                Console.Error.WriteLine($"round {round}, {peer}: {use.Managed / connections} bytes managed, {use.WorkingSet / connections} in all");
                return use;
            }
            catch (Exception error) when (error is NoResultException or Win32Exception)
            {
                failures.Add($"round {round}, {peer}: {error.Message}");
                return null;
            }
        });
        Ratio? Managed(string peer) => rounds.RatioOf(peer, "kestrel", use => use.Managed);

        string[] table =
        [
            "| peer | connections | managed bytes each | × kestrel | working set each |",
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
                new BarChart($"{(prefix.Length == 0 ? "" : "tls-")}idle.svg", "Memory for each idle connection", "managed bytes", [
                    BarGroup.Of("", peers.Select(peer => (peer, rounds.Median(peer, use => (double)use.Managed / connections)))),
                ]),
            ],
            [
                new Verdict(
                    $"managed bytes per idle connection{(prefix.Length == 0 ? "" : " over TLS")}, {connections:N0} of them", "kestrel", Managed("diesel")?.Middle, target, IsAtMost: true),
            ],
            failures);

        string Each(string peer, Func<MemoryUse, double?> value) => Number.Text(rounds.Median(peer, value) / connections);
    }

    MemoryUse Measure(string peer, int connections)
    {
        using var server = new PinnedProcess(place: 0, Servers.Find(prefix + peer).Command);
        using var tape = new LineTape();
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

        void Open(int count) => clients.AddRange(Enumerable.Range(0, count).Select(_ => open(port, tape)));
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
