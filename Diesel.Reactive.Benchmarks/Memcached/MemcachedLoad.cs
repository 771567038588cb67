using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Diesel.Reactive.Benchmarks.Harness;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Benchmarks.Memcached;

/// <summary>Something that asks and asks. Its number is read from another thread.</summary>
internal abstract class MemcachedLoad : IDisposable
{
    long _calls;

    public long Calls => Volatile.Read(ref _calls);

    public abstract void Dispose();

    protected void Count(int calls) => Volatile.Write(ref _calls, _calls + calls);
}

/// <summary>This library, on its hub.</summary>
internal sealed class DieselMemcachedLoad : MemcachedLoad
{
    readonly Hub _hub = new();
    readonly MemcachedClient _cache;
    readonly MemcachedWorkload _workload;
    readonly Bytes[] _keys;

    public DieselMemcachedLoad(int port, MemcachedWorkload workload)
    {
        _workload = workload;
        _keys = [.. Enumerable.Range(0, workload.Depth).Select(number => (Bytes)MemcachedWorkload.Key(number))];
        _hub.Errors.Subscribe(static error => Console.Error.WriteLine(error));
        _cache = new MemcachedClient($"127.0.0.1:{port}", hub: _hub);
        for (var caller = workload.Asking == MemcachedAsking.Callers ? workload.Depth : 1; caller > 0; caller--)
        {
            _hub.Fork(workload.Asking switch { MemcachedAsking.Gets => Gets, MemcachedAsking.Many => Many, _ => (Func<Task>)Get });
        }
    }

    public override void Dispose()
    {
        _cache.Dispose();
        _hub.Dispose();
    }

    async Task Gets()
    {
        while (true)
        {
            var got = await Awaitable.All(_keys.Select(key => _cache.Get(key)));
            foreach (var value in got)
            {
                Check(value?.Length);
            }

            Count(got.Length);
        }
    }

    async Task Many()
    {
        while (true)
        {
            var got = await _cache.GetMany(_keys);
            foreach (var value in got.Values)
            {
                Check(value.Length);
            }

            Count(got.Count == _keys.Length ? got.Count : throw new NoResultException("a value is missing"));
        }
    }

    async Task Get()
    {
        var key = _keys[0];
        while (true)
        {
            Check((await _cache.Get(key))?.Length);
            Count(1);
        }
    }

    static void Check(int? length)
    {
        if (length != MemcachedWorkload.Length)
        {
            throw new NoResultException("a value is wrong");
        }
    }
}

/// <summary>A blocking socket that writes prepared bytes, and reads as many as are due without looking at them.</summary>
internal sealed class RawMemcachedLoad : MemcachedLoad
{
    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public RawMemcachedLoad(int port, MemcachedWorkload workload)
    {
        _socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        new Thread(() => Loop(workload.RawDepth)) { IsBackground = true }.Start();
    }

    public override void Dispose() => _socket.Dispose();

    void Loop(int depth)
    {
        var requests = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, depth).Select(number => $"mg {MemcachedWorkload.Key(number)} v\r\n")));
        var owed = depth * ("VA 64\r\n".Length + MemcachedWorkload.Length + "\r\n".Length);
        var received = new byte[64 * 1024];
        while (true)
        {
            _socket.Send(requests);
            for (var left = owed; left > 0;)
            {
                left -= _socket.Receive(received, Math.Min(left, received.Length), SocketFlags.None);
            }

            Count(depth);
        }
    }
}

/// <summary>What one client did.</summary>
/// <param name="Rate">Commands a second.</param>
/// <param name="Cpu">Microseconds of its processor for one.</param>
/// <param name="Bytes">Allocated for one; null: not known.</param>
internal sealed record MemcachedResult(double Rate, double Cpu, double? Bytes)
{
    public const string Diesel = "diesel";
    public const string Socket = "socket";
    public const string Usage = "load-memcached NAME --port N --workload gets16 [--seconds 1] [--warmup 8]";

    public static int Run(string[] arguments)
    {
        var peer = arguments.FirstOrDefault() ?? throw new UsageException(Usage);
        var options = new CommandLine(arguments.AsSpan(1), "--port", "--workload", "--seconds", "--warmup");
        var (port, workload) = (options.Int("--port"), MemcachedWorkload.Find(options.Text("--workload") ?? "gets16"));
        using var load = peer switch
        {
            Diesel => (MemcachedLoad)new DieselMemcachedLoad(port, workload),
            Socket => new RawMemcachedLoad(port, workload),
            _ => throw new UsageException($"unknown peer '{peer}'; known: {Diesel}, {Socket}"),
        };
        Thread.Sleep(TimeSpan.FromSeconds(options.Seconds("--warmup", 8)));
        Console.WriteLine(Measure(load, TimeSpan.FromSeconds(options.Seconds("--seconds", 1))));
        return 0;
    }

    public static MemcachedResult Parse(string line) => JsonSerializer.Deserialize<MemcachedResult>(line)!;

    public override string ToString() => JsonSerializer.Serialize(this);

    static MemcachedResult Measure(MemcachedLoad load, TimeSpan time)
    {
        var (calls, bytes, cpu, clock) = (load.Calls, GC.GetTotalAllocatedBytes(), Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        Thread.Sleep(time);
        calls = load.Calls - calls;
        var seconds = clock.Elapsed.TotalSeconds;
        return calls == 0 ? throw new NoResultException("no call was answered") : new MemcachedResult(
            calls / seconds,
            (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / calls,
            (double)(GC.GetTotalAllocatedBytes() - bytes) / calls);
    }
}
