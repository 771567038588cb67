using System.ComponentModel;
using Diesel.Reactive.Benchmarks.Echo;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Idle;

/// <summary>What a connection costs that is open and silent: each has echoed one line and waits for the next.</summary>
internal static unsafe class IdleComparison
{
    const double Target = 0.25;

    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static Benchmark Benchmark { get; } = new(
        "idle",
        "memory for each idle connection",
        ["--rounds", "--connections", "--peers"],
        "[--rounds 3] [--connections 10000] [--peers NAME,…]",
        Full: "--rounds 3",
        Quick: "--rounds 1 --peers diesel,kestrel",
        Measure);

    static Report Measure(CommandLine options)
    {
        var connections = WithinLimit(options.Int("--connections", 10_000));
        var peers = options.Names("--peers", "diesel", "diesel-portable", "kestrel", "socket");
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
                new BarChart("idle.svg", "Memory for each idle connection", "managed bytes", [
                    BarGroup.Of("", peers.Select(peer => (peer, rounds.Median(peer, use => (double)use.Managed / connections)))),
                ]),
            ],
            [new Verdict($"managed bytes per idle connection, {connections:N0} of them", "kestrel", Managed("diesel")?.Middle, Target, IsAtMost: true)],
            failures);

        string Each(string peer, Func<MemoryUse, double?> value) => Number.Text(rounds.Median(peer, value) / connections);
    }

    static MemoryUse Measure(string peer, int connections)
    {
        using var server = new PinnedProcess(place: 0, Servers.Find(peer).Command);
        using var tape = new LineTape();
        var listening = server.ReadLine(Deadline);
        var port = int.Parse(listening[(listening.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        var sockets = new List<int>();
        try
        {
            // What the first connections bring with them (code, pools, tables) is not theirs.
            Open(sockets, 100, port, tape);
            var before = Ask(server);
            Open(sockets, connections, port, tape);
            var after = Ask(server);
            return new MemoryUse(after.Managed - before.Managed, after.WorkingSet - before.WorkingSet);
        }
        finally
        {
            sockets.ForEach(RawSocket.Close);
        }
    }

    static void Open(List<int> sockets, int count, int port, LineTape tape)
    {
        var echo = stackalloc byte[LineTape.LineLength];
        for (var i = 0; i < count; i++)
        {
            var socket = RawSocket.Connect(RawSocket.Kind.Stream, port, nonBlocking: false);
            sockets.Add(socket);
            RawSocket.Send(socket, tape.At(0), LineTape.LineLength);
            if (RawSocket.Receive(socket, echo, LineTape.LineLength) != LineTape.LineLength)
            {
                throw new NoResultException("the server did not give the line back");
            }
        }
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
