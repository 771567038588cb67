using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Memcached;

/// <summary>Clients of memcached over one connection; and servers that are asked as memcached is.</summary>
internal static class MemcachedComparison
{
    const string Server = "/usr/bin/memcached";
    const string Python = "pymemcache";
    const string PythonProgram = "/usr/bin/python3";
    const string PythonModule = "/usr/lib/python3/dist-packages/pymemcache";
    const string Service = "diesel";
    const string Memcached = "memcached -t 1";
    const string Kestrel = "kestrel";
    const string KestrelInline = "kestrel-inline";

    // What a loop without a client needs to be as fast as it will be.
    const double ShortWarmup = 1;

    // A request lies where it was received: in a slab of 64 KiB, that is used until less than 4 KiB of it are free.
    const double ReceivedBytes = 23 * 64.0 / 60;

    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    static readonly (int Connections, int Depth)[] Loads = [(1, 16), (1, 64), (64, 1), (64, 16)];

    public static Benchmark Benchmark { get; } = new(
        "memcached",
        "ask memcached over one connection, and servers as memcached is asked",
        ["--rounds", "--seconds", "--warmup", "--workloads", "--peers", "--servers"],
        "[--rounds 5] [--seconds 1] [--warmup 8] [--workloads gets16,…] [--peers NAME,…] [--servers NAME,…]",
        Full: "--rounds 5",
        Quick: "--rounds 1 --seconds 0.5 --warmup 0.8 --workloads gets16,get1000 --servers diesel",
        Measure);

    static Report Measure(CommandLine options)
    {
        if (!File.Exists(Server))
        {
            throw new NoResultException($"there is no {Server} (Debian: memcached)");
        }

        var plan = new Plan(options.Int("--rounds", 5), options.Seconds("--seconds", 1), options.Seconds("--warmup", 8));
        var peers = options.Names("--peers", MemcachedResult.Diesel, Python, MemcachedResult.Socket);
        MemcachedWorkload[] workloads = [.. options.Names("--workloads", [.. MemcachedWorkload.All.Select(static one => one.Name)]).Select(MemcachedWorkload.Find)];
        string[] servers = [Memcached, .. options.Names("--servers", Service, Kestrel, KestrelInline)];
        var port = FreePort.Draw();
        using var memcached = new PinnedProcess(place: 0, [Server, "-t", "1", "-U", "0", "-A", "-u", "nobody", "-l", "127.0.0.1", "-p", Number.Plain(port)]);
        Await(port);
        try
        {
            var clients = workloads.Select(workload => (workload, Clients(plan, peers, workload, port))).ToArray();
            var services = Services(plan, servers, port, memcached.Id);
            return new Report(
                string.Join('\n', [.. ClientTable(peers, clients), "", .. ServiceTable(servers, services)]), [],
                [.. clients.SelectMany(static one => Verdicts(one.Item1, one.Item2)), .. services.SelectMany(static one => Verdicts(one.Load, one.Rounds))], []);
        }
        finally
        {
            Say(port, "shutdown\r\n");
        }
    }

    static Rounds<MemcachedResult> Clients(Plan plan, string[] peers, MemcachedWorkload workload, int port)
    {
        MemcachedServiceGenerator.Store(port, workload.Depth);
        return Rounds<MemcachedResult>.Run(plan.Rounds, peers, (round, peer) =>
        {
            var result = peer == Python ? OfPython(plan, workload, port) : Own(plan, peer, workload, port);
            Console.Error.WriteLine($"{workload.Name}, round {round}, {peer}: {(result is null ? "–" : $"{result.Rate:N0}/s, {result.Cpu:0.00} µs")}");
            return result;
        });
    }

    static MemcachedResult Own(Plan plan, string peer, MemcachedWorkload workload, int port)
    {
        var warmup = peer == MemcachedResult.Socket ? Math.Min(plan.Warmup, ShortWarmup) : plan.Warmup;
        using var generator = new PinnedProcess(
            place: 1,
            [
                .. PinnedProcess.ThisProgram, "load-memcached", peer, "--port", Number.Plain(port), "--workload", workload.Name,
                "--seconds", Number.Plain(plan.Seconds), "--warmup", Number.Plain(warmup),
            ]);
        return MemcachedResult.Parse(generator.ReadLine(Deadline + TimeSpan.FromSeconds(plan.Seconds + warmup)));
    }

    // It has one caller, and can ask for several keys at a time. Null: it cannot be asked for that.
    static MemcachedResult? OfPython(Plan plan, MemcachedWorkload workload, int port)
    {
        if (workload.Asking == MemcachedAsking.Gets || !Directory.Exists(PythonModule))
        {
            return null;
        }

        var many = workload.Asking == MemcachedAsking.Many;
        using var process = new PinnedProcess(
            place: 1,
            [
                PythonProgram, Path.Combine(AppContext.BaseDirectory, "Memcached", "memcached_load.py"), Number.Plain(port), Number.Plain(many ? workload.Depth : 1), many ? "many" : "one",
                Number.Plain(plan.Seconds / 2), "0.2",
            ]);
        return MemcachedResult.Parse(process.ReadLine(Deadline));
    }

    // All servers at once: those that nobody asks do nothing. Each warms up with its first load.
    static ((int Connections, int Depth) Load, Rounds<ServiceResult> Rounds)[] Services(Plan plan, string[] servers, int port, int memcached)
    {
        var own = servers.Where(static server => server != Memcached).ToDictionary(static server => server, static server => new PinnedProcess(place: 0, Servers.Find($"memcached:{server}").Command));
        try
        {
            var places = own.ToDictionary(static one => one.Key, static one => (Port: PortOf(one.Value), one.Value.Id));
            places.Add(Memcached, (port, memcached));
            var warm = new HashSet<string> { Memcached };
            return
            [
                .. Loads.Select(load => (load, Rounds<ServiceResult>.Run(plan.Rounds, servers, (round, server) =>
                {
                    var connecting = Connecting(own.GetValueOrDefault(server), places[server].Port, load.Connections);
                    var (allocated, hits) = (Allocated(own.GetValueOrDefault(server)), server == Service ? Hits(places[server].Port) : 0);
                    var warmup = warm.Add(server) ? plan.Warmup : Math.Min(plan.Warmup, ShortWarmup);
                    var result = Ask(plan, load, places[server].Port, places[server].Id, warmup);
                    Console.Error.WriteLine($"{load.Connections} × {load.Depth}, round {round}, {server}: {result.Rate:N0}/s");
                    var all = server == Service ? Hits(places[server].Port) - hits : result.Rate * (plan.Seconds + warmup);
                    return new ServiceResult(result, (Allocated(own.GetValueOrDefault(server)) - allocated - connecting) / all);
                }))),
            ];
        }
        finally
        {
            foreach (var one in own.Values)
            {
                one.Dispose();
            }
        }
    }

    static LoadResult Ask(Plan plan, (int Connections, int Depth) load, int port, int server, double warmup)
    {
        using var generator = new PinnedProcess(
            place: 1,
            [
                .. PinnedProcess.ThisProgram, "load-memcached-service", "--port", Number.Plain(port), "--connections", Number.Plain(load.Connections), "--depth", Number.Plain(load.Depth),
                "--seconds", Number.Plain(plan.Seconds), "--warmup", Number.Plain(warmup), "--server", Number.Plain(server),
            ]);
        return LoadResult.Parse(generator.ReadLine(Deadline + TimeSpan.FromSeconds(plan.Seconds + warmup)));
    }

    static double? Allocated(PinnedProcess? server)
    {
        server?.WriteLine(OwnServer.AllocationQuestion);
        return server is null ? null : double.Parse(server.ReadLine(Deadline), System.Globalization.CultureInfo.InvariantCulture);
    }

    // What so many connections cost by themselves, as each run has new ones.
    static double? Connecting(PinnedProcess? server, int port, int count)
    {
        var before = Allocated(server);
        MemcachedServiceGenerator.Greet(port, count);
        return Allocated(server) - before;
    }

    // As the service counts them: those of warming up are no fewer or more than those that are measured.
    static double Hits(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        socket.Send("stats\r\n"u8);
        var (answer, length) = (new byte[16 * 1024], 0);
        while (!answer.AsSpan(0, length).EndsWith("END\r\n"u8))
        {
            length += socket.Receive(answer.AsSpan(length));
        }

        const string Name = "STAT get_hits ";
        var text = Encoding.ASCII.GetString(answer, 0, length);
        var from = text.IndexOf(Name, StringComparison.Ordinal) + Name.Length;
        return double.Parse(text.AsSpan(from, text.IndexOf('\r', from) - from), System.Globalization.CultureInfo.InvariantCulture);
    }

    static string[] ClientTable(string[] peers, (MemcachedWorkload Workload, Rounds<MemcachedResult> Rounds)[] all) =>
    [
        $"| values a second | {string.Join(" | ", peers)} |",
        $"|---|{string.Concat(peers.Select(static _ => "--:|"))}",
        .. all.Select(one => $"| {one.Workload.Text} | {string.Join(" | ", peers.Select(peer => Cell(one.Rounds, peer)))} |"),
        "",
        $"| µs of CPU, bytes allocated per value | {string.Join(" | ", peers)} |",
        $"|---|{string.Concat(peers.Select(static _ => "--:|"))}",
        .. all.Select(one => $"| {one.Workload.Text} | {string.Join(" | ", peers.Select(peer => $"{Number.Text(one.Rounds.Median(peer, static r => r.Cpu))}, {Number.Text(one.Rounds.Median(peer, static r => r.Bytes))}"))} |"),
        "",
        $"Values of {MemcachedWorkload.Length} bytes, loopback, memcached with one thread on one core and the client on another. `{MemcachedResult.Socket}` is a blocking loop that writes prepared "
        + $"`mg` commands of the same depth, at most {MemcachedWorkload.MostRaw}, and looks at no reply; × are against it, within the round. `{Python}` has one caller.",
    ];

    static string Cell(Rounds<MemcachedResult> rounds, string peer) =>
        $"{Number.Text(rounds.Median(peer, static r => r.Rate))} × {rounds.RatioOf(peer, MemcachedResult.Socket, static r => r.Rate)?.ToString() ?? "–"}";

    static string[] ServiceTable(string[] servers, ((int Connections, int Depth) Load, Rounds<ServiceResult> Rounds)[] all) =>
    [
        $"| hits a second | {string.Join(" | ", servers)} |",
        $"|---|{string.Concat(servers.Select(static _ => "--:|"))}",
        .. all.Select(one => $"| {Text(one.Load)} | {string.Join(" | ", servers.Select(server =>
            $"{Number.Text(one.Rounds.Median(server, static r => r.Load.Rate))} × {one.Rounds.RatioOf(server, Memcached, static r => r.Load.Rate)?.ToString() ?? "–"}"))} |"),
        "",
        $"| hits for each second of the server's CPU, bytes it allocates per hit | {string.Join(" | ", servers)} |",
        $"|---|{string.Concat(servers.Select(static _ => "--:|"))}",
        .. all.Select(one => $"| {Text(one.Load)} | {string.Join(" | ", servers.Select(server =>
            $"{Number.Text(one.Rounds.Median(server, static r => r.Load.PerServerCpu))}, {Number.Text(one.Rounds.Median(server, static r => r.Bytes))}"))} |"),
        "",
        $"`mg key v` of values of {MemcachedWorkload.Length} bytes; each connection asks again when all of its values are there, and every byte is compared. Server and generator have a core each. × are against "
        + $"`{Memcached}`, within the round. The handlers in Kestrel look up, and do nothing else that memcached does: no expiry, no order of use. What connecting allocates is taken off.",
    ];

    static string Text((int Connections, int Depth) load) => $"{load.Connections} connection{(load.Connections == 1 ? "" : "s")}, depth {load.Depth}";

    static IEnumerable<Verdict> Verdicts(MemcachedWorkload workload, Rounds<MemcachedResult> rounds)
    {
        foreach (var (peer, target) in Targets(workload))
        {
            yield return new Verdict($"memcached: {workload.Text}", peer, rounds.RatioOf(MemcachedResult.Diesel, peer, static r => r.Rate)?.Middle, target);
        }
    }

    static (string Peer, double Target)[] Targets(MemcachedWorkload workload) => workload switch
    {
        { Asking: MemcachedAsking.Callers, Depth: 1 } => [],
        { Asking: MemcachedAsking.Callers } => [(MemcachedResult.Socket, 0.5), (Python, 10)],
        { Depth: 16 } => [(MemcachedResult.Socket, 0.7)],
        _ => [(MemcachedResult.Socket, 0.55)],
    };

    static IEnumerable<Verdict> Verdicts((int Connections, int Depth) load, Rounds<ServiceResult> rounds)
    {
        var what = $"memcached service: {Text(load)}";
        yield return new Verdict(what, Memcached, rounds.RatioOf(Service, Memcached, static r => r.Load.Rate)?.Middle, 0.7);
        yield return new Verdict(what, Kestrel, rounds.RatioOf(Service, Kestrel, static r => r.Load.Rate)?.Middle, 1.2);
        yield return new Verdict($"{what}, allocated per hit besides the request", "–", rounds.Median(Service, static r => r.Bytes is { } bytes ? Math.Max(0, bytes - ReceivedBytes) : null), 0.5, IsAtMost: true, "bytes");
    }

    static int PortOf(PinnedProcess server)
    {
        var listening = server.ReadLine(Deadline);
        return int.Parse(listening[(listening.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    static void Await(int port)
    {
        for (var began = Stopwatch.GetTimestamp(); !TrySay(port, "version\r\n"); Thread.Sleep(10))
        {
            if (Stopwatch.GetElapsedTime(began) > Deadline)
            {
                throw new NoResultException("memcached does not serve");
            }
        }
    }

    static void Say(int port, string line) => TrySay(port, line);

    static bool TrySay(int port, string line)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            socket.Send(Encoding.ASCII.GetBytes(line));
            socket.Receive(new byte[100]);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    sealed record Plan(int Rounds, double Seconds, double Warmup);

    /// <param name="Load">What came of the load.</param>
    /// <param name="Bytes">Allocated by the server per hit, that of warming up included; null: not known.</param>
    sealed record ServiceResult(LoadResult Load, double? Bytes);
}
