using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Redis;

/// <summary>Commands over one connection to redis-server, by several clients.</summary>
internal static class RedisComparison
{
    const string Server = "/usr/bin/redis-server";
    const string Program = "/usr/bin/redis-benchmark";
    const string RedisBenchmark = "redis-benchmark";
    const string Python = "python3-redis";
    const string PythonProgram = "/usr/bin/python3";
    const string PythonModule = "/usr/lib/python3/dist-packages/redis";

    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static Benchmark Benchmark { get; } = new(
        "redis",
        "ask redis-server over one connection",
        ["--rounds", "--seconds", "--warmup", "--workloads", "--peers"],
        "[--rounds 5] [--seconds 1] [--warmup 4] [--workloads get16,…] [--peers NAME,…]",
        Full: "--rounds 5",
        Quick: "--rounds 2 --seconds 0.5 --warmup 0.8 --workloads get16,set1000",
        Measure);

    static Report Measure(CommandLine options)
    {
        if (!File.Exists(Server) || !File.Exists(Program))
        {
            throw new NoResultException($"there is no {Server}, or no {Program} (Debian: redis-server, redis-tools)");
        }

        var (seconds, warmup) = (options.Seconds("--seconds", 1), options.Seconds("--warmup", 4));
        var peers = options.Names(
            "--peers", RedisGenerator.Diesel, RedisGenerator.Sleeping, RedisBenchmark, RedisGenerator.StackExchange, RedisGenerator.Stack, Python, RedisGenerator.Socket, RedisGenerator.Polling);
        RedisWorkload[] workloads = [.. options.Names("--workloads", [.. RedisWorkload.All.Select(one => one.Name)]).Select(RedisWorkload.Find)];
        var port = FreePort.Draw();
        using var server = new PinnedProcess(place: 0, [Server, "--port", Text(port), "--bind", "127.0.0.1", "--save", "", "--client-output-buffer-limit", "pubsub 0 0 0"]);
        while (!server.ReadLine(Deadline).Contains("Ready to accept connections", StringComparison.Ordinal))
        {
        }

        try
        {
            return Compare(workloads, peers, options.Int("--rounds", 5), port, seconds, warmup);
        }
        finally
        {
            Say(port, "SHUTDOWN NOSAVE");
        }
    }

    static Report Compare(RedisWorkload[] workloads, string[] peers, int count, int port, double seconds, double warmup)
    {
        var all = workloads.Select(workload => (Workload: workload, Rounds: Rounds<RedisResult>.Run(count, peers, (round, peer) =>
        {
            Say(port, $"*3\r\n$3\r\nSET\r\n${RedisWorkload.Key.Length}\r\n{RedisWorkload.Key}\r\n${workload.Length}\r\n{new string('x', workload.Length)}");
            var result = Measure(port, peer, workload, seconds, warmup);
            Console.Error.WriteLine($"{workload.Name}, round {round}, {peer}: {(result is null ? "–" : $"{result.Rate:N0}/s")}");
            return result;
        }))).ToArray();
        string[] table =
        [
            $"| commands/s | {string.Join(" | ", peers)} |",
            $"|---|{string.Concat(peers.Select(_ => "--:|"))}",
            .. all.Select(one => $"| {one.Workload.Text} | {string.Join(" | ", peers.Select(peer => Cell(one.Rounds, peer)))} |"),
            "",
            $"| × {RedisBenchmark} | {string.Join(" | ", peers)} |",
            $"|---|{string.Concat(peers.Select(_ => "--:|"))}",
            .. all.Select(one => $"| {one.Workload.Text} | {string.Join(" | ", peers.Select(peer => one.Rounds.RatioOf(peer, RedisBenchmark, r => r.Rate)?.ToString() ?? "–"))} |"),
            "",
            $"| µs of CPU, bytes allocated per command | {string.Join(" | ", peers)} |",
            $"|---|{string.Concat(peers.Select(_ => "--:|"))}",
            .. all.Select(one => $"| {one.Workload.Text} | {string.Join(" | ", peers.Select(peer => $"{Number.Text(one.Rounds.Median(peer, r => r.Cpu))}, {Number.Text(one.Rounds.Median(peer, r => r.Bytes))}"))} |"),
            "",
            $"Values of 64 bytes where nothing is said, loopback; the server has one core, each client may use all, as a program has them. `{RedisGenerator.Diesel}` batches and awaits on its hub, "
            + $"`{RedisGenerator.StackExchange}` with `CreateBatch` and from tasks of the pool, `{RedisGenerator.Stack}` with its `Pipeline`, `{RedisBenchmark}` is `-c 1 -P` of the depth, "
            + $"`{RedisGenerator.Socket}` a blocking loop that writes prepared bytes and looks at no reply, `{RedisGenerator.Polling}` the same that asks for bytes again and again instead of sleeping: what the server leaves to a client that does nothing. In the first table × are against `{RedisGenerator.Socket}`, within the round. Messages are received by {RedisPublisher.Patterns.Length} "
            + "patterns at once; the processor's time includes whoever publishes. With a `System.GC.LOHThreshold` of 2 MiB, .NET collects arrays of 1 MiB as it does short ones.",
        ];
        return new Report(string.Join('\n', table), [], [.. all.SelectMany(one => Verdicts(one.Workload, one.Rounds))], []);
    }

    static string Cell(Rounds<RedisResult> rounds, string peer) =>
        $"{Number.Text(rounds.Median(peer, r => r.Rate))} × {rounds.RatioOf(peer, RedisGenerator.Socket, r => r.Rate)?.ToString() ?? "–"}";

    static IEnumerable<Verdict> Verdicts(RedisWorkload workload, Rounds<RedisResult> rounds)
    {
        foreach (var (peer, target) in Targets(workload, rounds))
        {
            yield return new Verdict($"Redis: {workload.Text}", peer, rounds.RatioOf(RedisGenerator.Diesel, peer, r => r.Rate)?.Middle, target, Note: Bound(workload, peer, rounds));
        }

        if (workload is { Asking: RedisAsking.Callers, Depth: > 1 })
        {
            yield return new Verdict($"Redis: bytes allocated, {workload.Text}", "–", rounds.Median(RedisGenerator.Diesel, r => r.Bytes), workload.IsSet ? 130 : 200, IsAtMost: true, "bytes");
        }

        if (workload is { Asking: RedisAsking.Batches, Depth: 64 })
        {
            yield return new Verdict(
                $"Redis: processor's time of a hub that sleeps, {workload.Text}", RedisGenerator.StackExchange, ByCpu(RedisGenerator.Sleeping), 1.0 / 3, IsAtMost: true,
                Note: $"{Number.Text(ByCpu(RedisGenerator.Diesel))} × of one that looks");
        }

        if (workload.Asking == RedisAsking.Nobody)
        {
            yield return new Verdict($"Redis: processor's time, {workload.Text}", RedisGenerator.StackExchange, ByCpu(RedisGenerator.Diesel), 0.5, IsAtMost: true);
        }

        double? ByCpu(string peer) => rounds.RatioOf(peer, RedisGenerator.StackExchange, static r => r.Cpu)?.Middle;
    }

    // What a client reaches there that does nothing but ask.
    static string? Bound(RedisWorkload workload, string peer, Rounds<RedisResult> rounds) =>
        workload.Asking == RedisAsking.Batches && peer == RedisBenchmark && rounds.RatioOf(RedisGenerator.Polling, peer, r => r.Rate) is { } bound
            ? $"the {RedisGenerator.Polling} {Number.Text(bound.Middle)} ×"
            : null;

    // redis-benchmark sleeps: what a client that asks can win by that is another on each machine.
    static (string Peer, double Target)[] Targets(RedisWorkload workload, Rounds<RedisResult> rounds) => workload switch
    {
        { Asking: RedisAsking.Nobody } => [(RedisGenerator.StackExchange, 1.5)],
        { Length: RedisWorkload.Large } => [(RedisBenchmark, 0.9)],
        { Depth: 1 } => [(RedisGenerator.Socket, 1.1), (RedisGenerator.StackExchange, 1.3)],
        { Depth: 16 } =>
        [
            rounds.RatioOf(RedisGenerator.Polling, RedisBenchmark, static r => r.Rate)?.Middle < 2 ? (RedisGenerator.Polling, 0.9) : (RedisBenchmark, 1.8),
            (RedisGenerator.StackExchange, 1.8),
        ],
        { Depth: 64 } => [(RedisBenchmark, 1.3), (RedisGenerator.StackExchange, 1.3), (RedisGenerator.Socket, 0.7)],
        { Asking: RedisAsking.PoolCallers } => [(RedisBenchmark, 0.45)],
        _ => [(RedisBenchmark, 0.6), (RedisGenerator.StackExchange, workload.IsSet ? 1.3 : 2.5)],
    };

    // Null: it cannot be asked for that.
    static RedisResult? Measure(int port, string peer, RedisWorkload workload, double seconds, double warmup) => peer switch
    {
        RedisBenchmark or Python or RedisGenerator.Socket or RedisGenerator.Polling when workload.Asking == RedisAsking.Nobody => null,
        RedisGenerator.Sleeping when workload is not { Asking: RedisAsking.Batches } => null,
        RedisBenchmark => Foreign(port, workload, seconds),
        Python => workload.HasCallers || !Directory.Exists(PythonModule) ? null : OfPython(port, workload, seconds, warmup),
        _ => Own(port, peer, workload, seconds, warmup),
    };

    // The server has a core of its own; every client sees all cores, as most programs do. With one core alone, it would be measured how the server's
    // and the client's wake-ups follow each other, and this library's loop never looks before it sleeps where the process has one core.
    static RedisResult OfPython(int port, RedisWorkload workload, double seconds, double warmup)
    {
        using var process = new PinnedProcess(
            place: null,
            [
                PythonProgram, Path.Combine(AppContext.BaseDirectory, "Redis", "redis_load.py"), Text(port), Text(workload.Depth), workload.Asking == RedisAsking.Batches ? "batches" : "calls",
                workload.IsSet ? "set" : "get", Number.Plain(seconds), Number.Plain(warmup),
            ]);
        return RedisResult.Parse(process.ReadLine(Deadline + TimeSpan.FromSeconds(seconds + warmup)));
    }

    static RedisResult Own(int port, string peer, RedisWorkload workload, double seconds, double warmup)
    {
        using var generator = new PinnedProcess(
            place: null,
            [
                .. workload.CollectsEarly ? ["/usr/bin/env", RedisWorkload.BeyondLarge] : Array.Empty<string>(), .. PinnedProcess.ThisProgram, "load-redis", peer, "--port", Text(port), "--workload", workload.Name,
                "--seconds", Number.Plain(seconds), "--warmup", Number.Plain(warmup),
            ]);
        return RedisResult.Parse(generator.ReadLine(Deadline + TimeSpan.FromSeconds(seconds + warmup)));
    }

    // It counts commands, not seconds: about as many as it does in that time.
    static RedisResult Foreign(int port, RedisWorkload workload, double seconds)
    {
        var commands = (int)(seconds * workload switch { { Length: RedisWorkload.Large } => 1_000, { Depth: 1 } => 20_000, { Depth: < 64 } => 250_000, _ => 500_000 });
        using var process = new PinnedProcess(
            place: null,
            [Program, "-p", Text(port), "-c", "1", "-P", Text(workload.Depth), "-n", Text(commands), "-d", Text(workload.Length), "-t", workload.IsSet ? "set" : "get", "--csv"]);
        while (true)
        {
            var cells = process.ReadLine(Deadline + TimeSpan.FromSeconds(10 * seconds)).Split(',', StringSplitOptions.TrimEntries);
            if (cells.Length > 1 && double.TryParse(cells[1].Trim('"'), CultureInfo.InvariantCulture, out var rate))
            {
                return new RedisResult(rate, null, null);
            }
        }
    }

    static void Say(int port, string line)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, port);
        socket.Send(Encoding.ASCII.GetBytes($"{line}\r\n"));
        socket.Receive(new byte[100]);
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
