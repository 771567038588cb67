using BenchmarkDotNet.Running;
using Diesel.Reactive.Benchmarks.Bulk;
using Diesel.Reactive.Benchmarks.Churn;
using Diesel.Reactive.Benchmarks.Coordination;
using Diesel.Reactive.Benchmarks.Dns;
using Diesel.Reactive.Benchmarks.Echo;
using Diesel.Reactive.Benchmarks.Fairness;
using Diesel.Reactive.Benchmarks.Harness;
using Diesel.Reactive.Benchmarks.Http;
using Diesel.Reactive.Benchmarks.Idle;
using Diesel.Reactive.Benchmarks.Lines;
using Diesel.Reactive.Benchmarks.Memcached;
using Diesel.Reactive.Benchmarks.MongoDB;
using Diesel.Reactive.Benchmarks.Pipelines;
using Diesel.Reactive.Benchmarks.Redis;
using Diesel.Reactive.Benchmarks.Riak;
using Diesel.Reactive.Benchmarks.Stress;
using Diesel.Reactive.Benchmarks.Timing;
using Diesel.Reactive.Benchmarks.Tls;
using Diesel.Reactive.Benchmarks.Udp;
using Diesel.Reactive.Benchmarks.WebSockets;

namespace Diesel.Reactive.Benchmarks;

/// <summary>What this program can be told to do; each returns the exit code.</summary>
internal sealed record Command(string Name, string Summary, Func<string[], int> Run)
{
    /// <summary>What is measured, in the order of the document.</summary>
    public static readonly IReadOnlyList<Benchmark> Benchmarks =
    [
        EchoComparison.Benchmark,
        FairnessComparison.Benchmark,
        ChurnComparison.Benchmark,
        UdpComparison.Benchmark,
        BulkComparison.Benchmark,
        TlsComparisons.Echo,
        TlsComparisons.Handshake,
        TlsComparisons.Bulk,
        IdleComparison.Benchmark,
        IdleComparison.TlsBenchmark,
        TimerComparison.Benchmark,
        ScheduleComparison.Benchmark,
        FramingComparison.Benchmark,
        PipelineComparison.Benchmark,
        HttpComparison.Benchmark,
        WebComparison.Benchmark,
        CallComparison.Benchmark,
        IdleComparison.HttpBenchmark,
        HttpClientComparison.Benchmark,
        WebSocketComparison.Benchmark,
        RedisComparison.Benchmark,
        CoordinationComparison.Benchmark,
        MemcachedComparison.Benchmark,
        MongoComparison.Benchmark,
        RiakComparison.Benchmark,
        DnsComparison.Benchmark,
        StressTest.Benchmark,
    ];

    static readonly Command[] All =
    [
        new("all", "run all of these, one after the other: " + AllBenchmarks.Usage, AllBenchmarks.Run),
        .. Benchmarks.Select(benchmark => benchmark.ToCommand()),
        new("micro", "run the micro benchmarks; the arguments are BenchmarkDotNet's", Micro),
        new("serve", "run one server until its standard input closes: " + Servers.Usage, Servers.Run),
        new("load", "drive an echo server and print one line of JSON: " + LoadGenerator.Usage, LoadGenerator.Run),
        new("load-churn", "drive an echo server with short connections: " + ChurnGenerator.Usage, ChurnGenerator.Run),
        new("load-udp", "drive a datagram server: " + UdpGenerator.Usage, UdpGenerator.Run),
        new("load-bulk", "drive a bulk server: " + BulkGenerator.Usage, BulkGenerator.Run),
        new("load-tls", "drive an echo server over TLS: " + TlsLoadGenerator.Usage, TlsLoadGenerator.Run),
        new("load-tls-handshake", "drive an echo server with short connections over TLS: " + TlsHandshakeGenerator.Usage, TlsHandshakeGenerator.Run),
        new("load-tls-bulk", "drive a bulk server over TLS: " + TlsBulkGenerator.Usage, TlsBulkGenerator.Run),
        new("load-pipeline", "drive a server of lines over one connection: " + PipelineGenerator.Usage, PipelineGenerator.Run),
        new("load-http", "drive an HTTP server with wrk: " + HttpLoad.Usage, HttpLoad.Run),
        new("load-http-client", "ask an HTTP server by one client: " + HttpClientGenerator.Usage, HttpClientGenerator.Run),
        new("load-websocket", "drive a WebSocket server: " + WebSocketGenerator.Usage, WebSocketGenerator.Run),
        new("load-grpc", "call a gRPC service: " + GrpcGenerator.Usage, GrpcGenerator.Run),
        new("load-redis", "drive a Redis server over one connection: " + RedisGenerator.Usage, RedisGenerator.Run),
        new("load-coordination", "share queues and locks on a Redis server: " + CoordinationResult.Usage, CoordinationResult.Run),
        new("load-memcached", "drive a memcached server over one connection: " + MemcachedResult.Usage, MemcachedResult.Run),
        new("load-mongodb", "drive a server of MongoDB with one client: " + MongoResult.Usage, MongoResult.Run),
        new("load-memcached-service", "drive a memcached server over many: " + MemcachedServiceGenerator.Usage, MemcachedServiceGenerator.Run),
        new("load-riak", "drive a node of Riak over eight connections: " + RiakResult.Usage, RiakResult.Run),
        new("load-dns", "drive a server of names: " + DnsGenerator.Usage, DnsGenerator.Run),
        new("help", "say this", Help),
    ];

    public static Command Find(string name) =>
        Array.Find(All, command => command.Name == name)
        ?? throw new UsageException(
            $"unknown command '{name}'; known: {string.Join(", ", All.Select(command => command.Name))}");

    static int Micro(string[] arguments)
    {
        BenchmarkSwitcher.FromAssembly(typeof(Command).Assembly).Run(arguments);
        return 0;
    }

    static int Help(string[] arguments)
    {
        Array.ForEach(All, command => Console.WriteLine($"{command.Name,-18} {command.Summary}"));
        return 0;
    }
}
