using System.Diagnostics;
using System.Text.Json;
using Diesel.Reactive.Benchmarks.Harness;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Benchmarks.Http;

/// <summary>Asks an HTTP server by one client, from so many callers at a time.</summary>
internal static class HttpClientGenerator
{
    public const string Hub = "HttpHubClient";
    public const string Handler = "DieselHttpHandler";
    public const string HandlerOffHub = "DieselHttpHandler, callers on the thread pool";
    public const string Sockets = "SocketsHttpHandler";
    public const string Usage = "load-http-client NAME --port N [--callers 64] [--seconds 1] [--warmup 2]";

    static long _calls;

    public static int Run(string[] arguments)
    {
        var peer = arguments.FirstOrDefault() ?? throw new UsageException(Usage);
        var options = new CommandLine(arguments.AsSpan(1), "--port", "--callers", "--seconds", "--warmup");
        Begin(peer, options.Int("--port"), options.Int("--callers", 64));
        Thread.Sleep(TimeSpan.FromSeconds(options.Seconds("--warmup", 2)));
        Console.WriteLine(Measure(TimeSpan.FromSeconds(options.Seconds("--seconds", 1))));
        return 0;
    }

    static void Begin(string peer, int port, int callers)
    {
        var hub = Reactive.Hub.Default;
        switch (peer)
        {
            case Hub:
                var client = new HttpHubClient("127.0.0.1", port, hub: hub);
                Fork(hub, callers, () => Ask(client));
                break;
            case Handler:
                var onHub = new HttpClient(new DieselHttpHandler(hub: hub));
                Fork(hub, callers, () => Ask(onHub, port));
                break;
            case HandlerOffHub:
                var offHub = new HttpClient(new DieselHttpHandler(hub: hub));
                _ = Enumerable.Range(0, callers).Select(_ => Task.Run(() => Ask(offHub, port))).ToArray();
                break;
            case Sockets:
                var sockets = new HttpClient(new SocketsHttpHandler());
                _ = Enumerable.Range(0, callers).Select(_ => Task.Run(() => Ask(sockets, port))).ToArray();
                break;
            default:
                throw new UsageException($"unknown peer '{peer}'; known: {Hub}, {Handler}, {HandlerOffHub}, {Sockets}");
        }
    }

    static void Fork(Hub hub, int callers, Func<Task> ask)
    {
        for (var i = 0; i < callers; i++)
        {
            hub.Fork(ask);
        }
    }

    // Each caller is one method, so that what is measured is the client and not the way it is called.
    static async Task Ask(HttpHubClient client)
    {
        try
        {
            while (true)
            {
                var reply = await client.Request("GET", "/");
                Count((await reply.Read()).Length);
            }
        }
        catch (Exception error)
        {
            Fail(error);
        }
    }

    static async Task Ask(HttpClient client, int port)
    {
        var uri = $"http://127.0.0.1:{port}/";
        try
        {
            while (true)
            {
                using var response = await client.GetAsync(uri);
                Count(response.Content.Headers.ContentLength ?? 0);
            }
        }
        catch (Exception error)
        {
            Fail(error);
        }
    }

    static void Count(long length)
    {
        if (length == 0)
        {
            throw new NoResultException("an answer was empty");
        }

        Interlocked.Increment(ref _calls);
    }

    static void Fail(Exception error)
    {
        Console.Error.WriteLine(error);
        Environment.Exit(1);
    }

    static HttpClientResult Measure(TimeSpan time)
    {
        var (calls, bytes, cpu, clock) = (Interlocked.Read(ref _calls), GC.GetTotalAllocatedBytes(), Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        Thread.Sleep(time);
        calls = Interlocked.Read(ref _calls) - calls;
        var seconds = clock.Elapsed.TotalSeconds;
        return calls == 0 ? throw new NoResultException("no request was answered") : new HttpClientResult(
            calls / seconds,
            (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / calls,
            (double)(GC.GetTotalAllocatedBytes() - bytes) / calls);
    }
}

/// <summary>What one client did.</summary>
/// <param name="Rate">Requests a second.</param>
/// <param name="Cpu">Microseconds of its processor for one; null: not known.</param>
/// <param name="Bytes">Allocated for one; null: not known.</param>
internal sealed record HttpClientResult(double Rate, double? Cpu, double? Bytes)
{
    public static HttpClientResult Parse(string line) => JsonSerializer.Deserialize<HttpClientResult>(line)!;

    public override string ToString() => JsonSerializer.Serialize(this);
}
