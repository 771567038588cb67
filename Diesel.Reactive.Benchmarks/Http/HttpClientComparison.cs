using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Http;

/// <summary>HTTP clients side by side against nginx: 64 callers, a short text.</summary>
internal static class HttpClientComparison
{
    const string Nginx = "/usr/sbin/nginx";
    const string Wrk = "wrk";

    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static Benchmark Benchmark { get; } = new(
        "http-client",
        "ask nginx by several HTTP clients",
        ["--rounds", "--seconds", "--warmup", "--callers", "--peers"],
        "[--rounds 5] [--seconds 2] [--warmup 2] [--callers 64] [--peers NAME,…]",
        Full: "--rounds 5",
        Quick: "--rounds 2 --seconds 1 --warmup 2",
        Measure);

    static Report Measure(CommandLine options)
    {
        if (!File.Exists(Nginx) || HttpLoad.Missing is not null)
        {
            throw new NoResultException($"there is no {Nginx}, or no wrk (Debian: nginx-core, wrk)");
        }

        var (seconds, warmup, callers) = (options.Seconds("--seconds", 2), options.Seconds("--warmup", 2), options.Int("--callers", 64));
        var peers = options.Names("--peers", HttpClientGenerator.Hub, HttpClientGenerator.Handler, HttpClientGenerator.HandlerOffHub, HttpClientGenerator.Sockets, Wrk);
        var (port, folder) = (FreePort.Draw(), Directory.CreateTempSubdirectory("diesel-nginx-"));
        var configuration = Path.Combine(folder.FullName, "nginx.conf");
        File.WriteAllText(configuration, $$"""
            daemon off; worker_processes 1; pid {{folder.FullName}}/pid; error_log stderr crit;
            events { worker_connections 4096; }
            http {
              access_log off; keepalive_requests 1000000000;
              server { listen 127.0.0.1:{{port}}; location / { default_type text/plain; return 200 "Hello, World!"; } }
            }
            """);
        using var server = new PinnedProcess(place: 0, [Nginx, "-p", folder.FullName, "-c", configuration]);
        try
        {
            Await(port);
            return Compare(peers, options.Int("--rounds", 5), port, seconds, warmup, callers);
        }
        finally
        {
            // It does not look at its input: it is asked by its id.
            using var quit = System.Diagnostics.Process.Start("kill", ["-QUIT", server.Id.ToString(CultureInfo.InvariantCulture)]);
            quit.WaitForExit();
        }
    }

    static Report Compare(string[] peers, int count, int port, double seconds, double warmup, int callers)
    {
        var rounds = Rounds<HttpClientResult>.Run(count, peers, (round, peer) =>
        {
            var result = peer == Wrk ? ByWrk(port, seconds, callers) : Own(port, peer, seconds, warmup, callers);
            Console.Error.WriteLine($"http-client, round {round}, {peer}: {result.Rate:N0}/s, {result.Cpu:0.0} µs, {result.Bytes:N0} B");
            return result;
        });
        string[] table =
        [
            "| client | requests/s | × SocketsHttpHandler | × wrk | CPU µs per request | bytes per request |",
            "|---|--:|--:|--:|--:|--:|",
            .. peers.Select(peer => $"| {peer} | {Number.Text(rounds.Median(peer, static r => r.Rate))} | {Ratio(rounds, peer, HttpClientGenerator.Sockets)} | {Ratio(rounds, peer, Wrk)} "
                + $"| {Number.Text(rounds.Median(peer, static r => r.Cpu))} | {Number.Text(rounds.Median(peer, static r => r.Bytes))} |"),
            "",
            $"nginx on one core answers a text of 13 bytes, and the client on the other asks, {callers} requests at a time. The callers of `HttpHubClient` and `DieselHttpHandler` are loops on the hub "
            + "unless it is said; those of `SocketsHttpHandler` are tasks. Bytes include those of the answer itself.",
        ];
        return new Report(
            string.Join('\n', table),
            [
                new BarChart("http-client.svg", "HTTP clients against nginx, 64 requests at a time", "thousand requests a second", [
                    BarGroup.Of("", peers.Select(peer => (NameOf(peer), rounds.Median(peer, static r => r.Rate / 1000)))),
                ]),
            ],
            [.. Verdicts(rounds)],
            []);
    }

    // As wide as the plot has room for, and ours with their mark.
    static string NameOf(string peer) => peer switch
    {
        HttpClientGenerator.Hub => "diesel, HttpHubClient",
        HttpClientGenerator.Handler => "diesel, HttpClient",
        HttpClientGenerator.HandlerOffHub => "diesel, off the hub",
        _ => peer,
    };

    static string Ratio(Rounds<HttpClientResult> rounds, string peer, string other) => rounds.RatioOf(peer, other, static r => r.Rate)?.ToString() ?? "–";

    static IEnumerable<Verdict> Verdicts(Rounds<HttpClientResult> rounds)
    {
        const string What = "HTTP client, 64 callers";
        var (handler, sockets) = (HttpClientGenerator.Handler, HttpClientGenerator.Sockets);
        yield return new Verdict($"{What}: requests", sockets, rounds.RatioOf(handler, sockets, static r => r.Rate)?.Middle, 1.2);
        yield return new Verdict($"{What}: CPU", sockets, rounds.RatioOf(handler, sockets, static r => r.Cpu)?.Middle, 0.7, IsAtMost: true);
        yield return new Verdict($"{What}: bytes", sockets, rounds.RatioOf(handler, sockets, static r => r.Bytes)?.Middle, 0.7, IsAtMost: true);
        yield return new Verdict($"{What}: requests of HttpHubClient", Wrk, rounds.RatioOf(HttpClientGenerator.Hub, Wrk, static r => r.Rate)?.Middle, 0.95);
        yield return new Verdict($"{What}: bytes of HttpHubClient", "–", rounds.Median(HttpClientGenerator.Hub, static r => r.Bytes), 300, IsAtMost: true, "bytes");
    }

    static HttpClientResult Own(int port, string peer, double seconds, double warmup, int callers)
    {
        using var generator = new PinnedProcess(
            place: 1,
            [
                .. PinnedProcess.ThisProgram, "load-http-client", peer, "--port", Number.Plain(port), "--callers", Number.Plain(callers),
                "--seconds", Number.Plain(seconds), "--warmup", Number.Plain(warmup),
            ]);
        return HttpClientResult.Parse(generator.ReadLine(Deadline + TimeSpan.FromSeconds(seconds + warmup)));
    }

    static HttpClientResult ByWrk(int port, double seconds, int callers)
    {
        using var generator = new PinnedProcess(
            place: 1,
            [.. PinnedProcess.ThisProgram, "load-http", "--port", Number.Plain(port), "--connections", Number.Plain(callers), "--seconds", Number.Plain(seconds), "--warmup", "1"]);
        var result = LoadResult.Parse(generator.ReadLine(Deadline + TimeSpan.FromSeconds(seconds)));
        return new HttpClientResult(result.Rate, result.GeneratorCpu / result.Rate * 1e6, null);
    }

    static void Await(int port)
    {
        for (var looks = 0; looks < 200; looks++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                Thread.Sleep(25);
            }
        }

        throw new NoResultException("nginx did not start");
    }
}
