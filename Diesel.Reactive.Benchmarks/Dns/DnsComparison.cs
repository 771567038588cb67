using System.Globalization;
using System.Net.Sockets;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Dns;

/// <summary>Lookups against BIND on the loopback address, by several clients.</summary>
internal static class DnsComparison
{
    const string Program = "/usr/sbin/named";

    // What a loop without a client needs to be as fast as it will be.
    const double ShortWarmup = 1;

    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static Benchmark Benchmark { get; } = new(
        "dns",
        "ask BIND for addresses",
        ["--rounds", "--seconds", "--warmup", "--workloads", "--peers"],
        "[--rounds 5] [--seconds 1] [--warmup 8] [--workloads udp64,…] [--peers NAME,…]",
        Full: "--rounds 5",
        Quick: "--rounds 2 --seconds 0.5 --warmup 0.8 --workloads udp64,cached1000",
        Measure);

    static Report Measure(CommandLine options)
    {
        if (!File.Exists(Program))
        {
            throw new NoResultException($"there is no {Program} (Debian: bind9)");
        }

        var (seconds, warmup) = (options.Seconds("--seconds", 1), options.Seconds("--warmup", 8));
        var peers = options.Names("--peers", DnsGenerator.Diesel, DnsGenerator.Theirs, DnsGenerator.Socket, DnsGenerator.SocketEdns, DnsGenerator.SocketFresh);
        DnsWorkload[] workloads = [.. options.Names("--workloads", [.. DnsWorkload.All.Select(one => one.Name)]).Select(DnsWorkload.Find)];
        var folder = Directory.CreateTempSubdirectory("dns-").FullName;
        var port = FreePort.Draw();
        File.WriteAllText(Path.Combine(folder, "config"), $$"""
            options {
                directory "{{folder}}"; pid-file "{{folder}}/pid"; session-keyfile "{{folder}}/key"; managed-keys-directory "{{folder}}";
                listen-on port {{port}} { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; dnssec-validation no; minimal-responses yes;
            };
            controls { };
            zone "{{DnsLoad.Zone}}" { type primary; file "{{folder}}/zone"; };
            """);
        File.WriteAllText(Path.Combine(folder, "zone"), "$TTL 3600\n@ SOA ns root 1 1 1 1 1\n@ NS ns\nns A 127.0.0.1\n" + string.Concat(Enumerable.Range(0, DnsLoad.Names).Select(n => $"host{n} A 10.1.{n / 250}.{n % 250 + 1}\n")));
        using var server = new PinnedProcess(place: 0, [Program, "-f", "-n", "1", "-c", Path.Combine(folder, "config")]);
        try
        {
            Wait(port);
            return Compare(workloads, peers, options.Int("--rounds", 5), port, seconds, warmup);
        }
        finally
        {
            System.Diagnostics.Process.GetProcessById(server.Id).Kill();
            Directory.Delete(folder, recursive: true);
        }
    }

    static Report Compare(DnsWorkload[] workloads, string[] peers, int count, int port, double seconds, double warmup)
    {
        var all = workloads.Select(workload => (Workload: workload, Rounds: Rounds<DnsResult>.Run(count, peers, (round, peer) =>
        {
            if (IsSocket(peer) && (workload.IsCached || (workload.IsTcp && peer != DnsGenerator.Socket)))
            {
                return null;
            }

            var result = Ask(port, peer, workload, seconds, IsSocket(peer) ? Math.Min(warmup, ShortWarmup) : warmup);
            Console.Error.WriteLine($"{workload.Name}, round {round}, {peer}: {result.Rate:N0}/s");
            return result;
        }))).ToArray();
        string[] table =
        [
            $"| answers/s, µs of CPU, bytes allocated for each | {string.Join(" | ", peers)} |",
            $"|---|{string.Concat(peers.Select(_ => "--:|"))}",
            .. all.Select(one => $"| {one.Workload.Text} | {string.Join(" | ", peers.Select(peer => Cell(one.Rounds, peer)))} |"),
            "",
            $"BIND on one core, the client on another, or, where it asks one at a time, on all; {DnsLoad.Names} names. `{DnsGenerator.Diesel}` asks from a fresh port each time, `{DnsGenerator.Theirs}` is version 1.8.0 on the pool, "
            + $"`{DnsGenerator.Socket}` a blocking loop that keeps one port, asks without EDNS and looks at the count of answers (by TCP it keeps one connection, and writes as many queries as it has read answers); `{DnsGenerator.SocketEdns}` the same with what we send: EDNS and the server's cookie; `{DnsGenerator.SocketFresh}` sends that "
            + "from a port that is drawn for each query, by the four calls of the system that it takes (receive, leave the port, take another, send), and does nothing else: what any client has before it that does not keep a port.",
        ];
        return new Report(string.Join('\n', table), [], [.. all.SelectMany(one => Verdicts(one.Workload, one.Rounds))], []);
    }

    static bool IsSocket(string peer) => peer is DnsGenerator.Socket or DnsGenerator.SocketEdns or DnsGenerator.SocketFresh;

    static string Cell(Rounds<DnsResult> rounds, string peer) => rounds.Median(peer, r => r.Rate) is null ? "–"
        : $"{Number.Text(rounds.Median(peer, r => r.Rate))}, {Number.Text(rounds.Median(peer, r => r.Cpu))}, {Number.Text(rounds.Median(peer, r => r.Bytes))}";

    static IEnumerable<Verdict> Verdicts(DnsWorkload workload, Rounds<DnsResult> rounds)
    {
        (string Peer, double Target)[] targets = workload.Name switch
        {
            "udp1" => [(DnsGenerator.Socket, 0.7)],
            "udp64" => [(DnsGenerator.Socket, 0.8), (DnsGenerator.SocketEdns, 0.8), (DnsGenerator.Theirs, 2)],

            // The loop does what the server can: nobody has more.
            "tcp64" => [(DnsGenerator.Theirs, 3), (DnsGenerator.Socket, 0.9)],
            _ => [(DnsGenerator.Theirs, 5)],
        };
        foreach (var (peer, target) in targets)
        {
            yield return new Verdict($"DNS: {workload.Text}", peer, rounds.RatioOf(DnsGenerator.Diesel, peer, r => r.Rate)?.Middle, target);
        }

        if (!workload.IsCached)
        {
            yield return new Verdict($"DNS: bytes allocated, {workload.Text}", "–", rounds.Median(DnsGenerator.Diesel, r => r.Bytes), 1200, IsAtMost: true, "bytes");
        }
    }

    // As in the echo of one connection: one side always waits for the other, so there is nothing to share; and a program that is given one core may not look on.
    static DnsResult Ask(int port, string peer, DnsWorkload workload, double seconds, double warmup)
    {
        using var generator = new PinnedProcess(
            place: workload.Callers > 1 ? 1 : null,
            [
                .. PinnedProcess.ThisProgram, "load-dns", peer, "--port", Text(port), "--workload", workload.Name, "--seconds", Number.Plain(seconds), "--warmup", Number.Plain(warmup),
            ]);
        return DnsResult.Parse(generator.ReadLine(Deadline + TimeSpan.FromSeconds(seconds + warmup)));
    }

    static void Wait(int port)
    {
        for (var looks = 0; ; looks++)
        {
            try
            {
                using var client = new TcpClient("127.0.0.1", port);
                return;
            }
            catch (SocketException) when (looks < 500)
            {
                Thread.Sleep(20);
            }
        }
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
