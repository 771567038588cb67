using System.Diagnostics;
using Diesel.Reactive.Benchmarks.Harness;
using Diesel.Reactive.Benchmarks.Http.Calls;
using Grpc.Net.Client;

namespace Diesel.Reactive.Benchmarks.Http;

/// <summary>Calls a gRPC service over some connections, from so many callers at a time on each. Its client needs more of a processor than the server: what the server
/// used of its own is what is measured.</summary>
internal static class GrpcGenerator
{
    public const string Usage = "load-grpc --port N --seconds N [--warmup 4] [--server PID] [--connections 8] [--depth 16]";

    static long _calls;

    public static int Run(string[] arguments)
    {
        var line = new CommandLine(arguments, "--port", "--seconds", "--warmup", "--server", "--connections", "--depth");
        for (var i = 0; i < line.Int("--connections", 8); i++)
        {
            var client = new Speaker.SpeakerClient(GrpcChannel.ForAddress($"http://127.0.0.1:{line.Int("--port")}"));
            for (var caller = 0; caller < line.Int("--depth", 16); caller++)
            {
                _ = Task.Run(() => Call(client));
            }
        }

        Thread.Sleep(TimeSpan.FromSeconds(line.Seconds("--warmup", 4)));
        Console.WriteLine(Measure(new CpuMeter(line.Text("--server") is null ? null : line.Int("--server")), TimeSpan.FromSeconds(line.Seconds("--seconds"))));
        return 0;
    }

    static async Task Call(Speaker.SpeakerClient client)
    {
        var words = new Words { Text = "hello" };
        try
        {
            while ((await client.SayAsync(words)).Text == words.Text)
            {
                Interlocked.Increment(ref _calls);
            }

            throw new NoResultException("a call gave back what it had not got");
        }
        catch (Exception error)
        {
            Console.Error.WriteLine(error);
            Environment.Exit(1);
        }
    }

    static LoadResult Measure(CpuMeter meter, TimeSpan time)
    {
        var (calls, before) = (Interlocked.Read(ref _calls), meter.Read());
        Thread.Sleep(time);
        var (done, after) = (Interlocked.Read(ref _calls) - calls, meter.Read());
        var cpu = after.Since(before);
        return done == 0 ? throw new NoResultException("no call was answered")
            : new LoadResult(done / Stopwatch.GetElapsedTime(before.Timestamp, after.Timestamp).TotalSeconds, null, null, cpu.Own, cpu.Server, cpu.Strangers);
    }
}
