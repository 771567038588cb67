using System.Net;
using System.Net.Sockets;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Coordination;

/// <summary>Queues and locks on redis-server.</summary>
internal static class CoordinationComparison
{
    const string Server = "/usr/bin/redis-server";

    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static Benchmark Benchmark { get; } = new(
        "coordination",
        "share queues and locks on redis-server",
        ["--rounds", "--seconds", "--warmup", "--workloads"],
        "[--rounds 5] [--seconds 1] [--warmup 4] [--workloads queue,locks,contended,long]",
        Full: "--rounds 5",
        Quick: "--rounds 1 --seconds 0.5 --warmup 1",
        Measure);

    static Report Measure(CommandLine options)
    {
        if (!File.Exists(Server))
        {
            throw new NoResultException($"there is no {Server} (Debian: redis-server)");
        }

        var (count, seconds, warmup) = (options.Int("--rounds", 5), options.Seconds("--seconds", 1), options.Seconds("--warmup", 4));
        var workloads = options.Names("--workloads", CoordinationLoad.Queue, CoordinationLoad.Locks, CoordinationLoad.Contended, CoordinationLoad.Long);
        var all = workloads.Select(workload => (Workload: workload, Rounds: Rounds<CoordinationResult>.Run(count, [CoordinationResult.Diesel, PeerOf(workload)], (round, peer) =>
        {
            var result = Measure(peer, workload, seconds, warmup);
            Console.Error.WriteLine($"{workload}, round {round}, {peer}: {result.Rate:N0}/s, {result.Cpu:0.0} µs, {result.Handed:0.00} ms, {result.Commands:0.00} commands");
            return result;
        }))).ToArray();
        return new Report(
            string.Join('\n', [
                "| | | a second | µs of the client's CPU | ms until the next has it | commands |", "|---|---|--:|--:|--:|--:|",
                .. all.SelectMany(one => new[] { CoordinationResult.Diesel, PeerOf(one.Workload) }.Select(peer =>
                    $"| {Text(one.Workload)} | {peer} | {Number.Text(one.Rounds.Median(peer, static r => r.Rate))} | {Number.Text(one.Rounds.Median(peer, static r => r.Cpu))} | "
                    + (IsContended(one.Workload) ? $"{Number.Text(one.Rounds.Median(peer, static r => r.Handed))} | {Number.Text(one.Rounds.Median(peer, static r => r.Commands))} |" : "| |"))),
                "",
                $"Loopback; the server on one core, a client may use all. Queue: {CoordinationLoad.Callers} loops put an item, take one, acknowledge it, and await each; `{CoordinationResult.Streams}` does so with `XADD`, `XREADGROUP`, `XACK`, "
                + $"`XDEL`. Locks: {CoordinationLoad.Callers} loops, each with a lock of its own, acquire it and await its release. Contended: {CoordinationLoad.Contenders} want one, over two connections, hold it for "
                + $"{CoordinationLoad.HoldOf(CoordinationLoad.Contended).TotalMilliseconds} or {CoordinationLoad.HoldOf(CoordinationLoad.Long).TotalMilliseconds} ms, and do something else for as long; the time until another than the last has it is the median, and the commands are those that `MONITOR` tells afterwards, for as long again.",
            ]),
            [],
            [.. all.SelectMany(one => Verdicts(one.Workload, one.Rounds))],
            []);
    }

    static IEnumerable<Verdict> Verdicts(string workload, Rounds<CoordinationResult> rounds)
    {
        var (own, peer) = (CoordinationResult.Diesel, PeerOf(workload));
        if (!IsContended(workload))
        {
            var isQueue = workload == CoordinationLoad.Queue;
            yield return new Verdict($"coordination: {Text(workload)}", peer, rounds.RatioOf(own, peer, static r => r.Rate)?.Middle, isQueue ? 1.3 : 0.8);
            yield return new Verdict($"coordination: {Text(workload)} for the client's CPU", peer, rounds.RatioOf(peer, own, static r => r.Cpu)?.Middle, isQueue ? 3 : 2);
            yield break;
        }

        yield return new Verdict($"coordination: commands for {Text(workload)}", "–", rounds.Median(own, static r => r.Commands), 6, IsAtMost: true, "commands");
        // Who polls needs the more the longer it is held; who is told does not.
        yield return new Verdict($"coordination: commands for {Text(workload)}", peer, rounds.RatioOf(own, peer, static r => r.Commands)?.Middle, workload == CoordinationLoad.Long ? 0.1 : 1, IsAtMost: true);
        if (workload == CoordinationLoad.Contended)
        {
            // Of one that is held for long there are ten a round: too few to tell.
            yield return new Verdict($"coordination: {Text(workload)} is handed over", peer, rounds.RatioOf(peer, own, static r => r.Handed)?.Middle, 10);
        }
    }

    static bool IsContended(string workload) => CoordinationLoad.HoldOf(workload) > TimeSpan.Zero;

    static string PeerOf(string workload) => workload == CoordinationLoad.Queue ? CoordinationResult.Streams : CoordinationResult.DistributedLock;

    static string Text(string workload) => workload switch
    {
        CoordinationLoad.Queue => "items put, taken, acknowledged",
        CoordinationLoad.Locks => "free locks",
        CoordinationLoad.Contended => "a contended lock",
        _ => "a contended lock, held for long",
    };

    static CoordinationResult Measure(string peer, string workload, double seconds, double warmup)
    {
        // A lock that is held for a while changes hands seldom.
        var time = IsContended(workload) ? 10 * seconds : seconds;
        var port = FreePort.Draw();
        using var server = new PinnedProcess(place: 0, [Server, "--port", Number.Plain(port), "--bind", "127.0.0.1", "--save", ""]);
        while (!server.ReadLine(Deadline).Contains("Ready to accept connections", StringComparison.Ordinal))
        {
        }

        try
        {
            using var load = new PinnedProcess(
                place: null,
                [.. PinnedProcess.ThisProgram, "load-coordination", peer, "--workload", workload, "--port", Number.Plain(port), "--seconds", Number.Plain(time), "--warmup", Number.Plain(warmup)]);
            return CoordinationResult.Parse(load.ReadLine(Deadline + TimeSpan.FromSeconds(warmup + time + (IsContended(workload) ? time : 0))));
        }
        finally
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(IPAddress.Loopback, port);
            socket.Send("SHUTDOWN NOSAVE\r\n"u8);
        }
    }
}
