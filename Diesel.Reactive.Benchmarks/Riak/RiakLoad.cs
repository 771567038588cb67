using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;
using Diesel.Reactive.Benchmarks.Harness;
using Diesel.Reactive.Protocols.Riak;
using Diesel.Reactive.Protocols.Riak.Messages;
using Diesel.Reactive.Protocols.Riak.Testing;
using Google.Protobuf;

namespace Diesel.Reactive.Benchmarks.Riak;

/// <summary>Callers that ask for one value of 1 KiB, again and again. Their number is read from another thread.</summary>
internal abstract class RiakLoad : IDisposable
{
    public const int Callers = 64;
    public const int Connections = 8;
    public const int Length = 1024;
    public const string Bucket = "bench";
    public const string Key = "key";

    long _calls;

    public long Calls => Volatile.Read(ref _calls);

    public static IPEndPoint Serve(int port)
    {
        var service = new RiakService(port);
        service.Start(new Hub());
        return (IPEndPoint)service.EndPoint;
    }

    public static async Task Store(int port)
    {
        using var riak = new RiakClient($"127.0.0.1:{port}");
        await riak.Put(Bucket, Key, new byte[Length]).AsTask();
    }

    public abstract void Dispose();

    protected void Count(int length) => Interlocked.Add(ref _calls, length == Length ? 1 : throw new NoResultException("a reply is wrong"));
}

/// <summary>This library, on its hub.</summary>
internal sealed class DieselRiakLoad : RiakLoad
{
    readonly Hub _hub = new();
    readonly RiakClient _riak;

    public DieselRiakLoad(int port)
    {
        _hub.Errors.Subscribe(static error => Console.Error.WriteLine(error));
        _riak = new RiakClient($"riak://127.0.0.1:{port}/?max_pool={Connections}", hub: _hub);
        for (var caller = 0; caller < Callers; caller++)
        {
            _hub.Fork(Ask);
        }
    }

    // The callers end with their hub.
    public override void Dispose() => _hub.Dispose();

    async Task Ask()
    {
        Protocols.Bytes key = Key;
        RiakBucket bucket = Bucket;
        while (true)
        {
            Count((await _riak.Get(bucket, key)).Value?.Length ?? 0);
        }
    }
}

/// <summary>The straightforward program: streams of sockets, lent to whoever is next; a header, a body, Google.Protobuf.</summary>
internal sealed class ProtobufRiakLoad : RiakLoad
{
    readonly Channel<NetworkStream> _idle = Channel.CreateUnbounded<NetworkStream>();

    public ProtobufRiakLoad(int port)
    {
        for (var i = 0; i < Connections; i++)
        {
            var client = new TcpClient { NoDelay = true };
            client.Connect(IPAddress.Loopback, port);
            _idle.Writer.TryWrite(client.GetStream());
        }

        for (var caller = 0; caller < Callers; caller++)
        {
            _ = Task.Run(Ask);
        }
    }

    public override void Dispose()
    {
    }

    async Task Ask()
    {
        while (true)
        {
            Count((await Get(Bucket, Key)).Content[0].Value.Length);
        }
    }

    async Task<RpbGetResp> Get(string bucket, string key)
    {
        var request = new RpbGetReq { Bucket = ByteString.CopyFromUtf8(bucket), Key = ByteString.CopyFromUtf8(key), Timeout = 4750 };
        var frame = new byte[5 + request.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        frame[4] = 9;
        request.WriteTo(frame.AsSpan(5));
        var stream = await _idle.Reader.ReadAsync();
        await stream.WriteAsync(frame);
        var header = new byte[5];
        await stream.ReadExactlyAsync(header);
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(header) - 1];
        await stream.ReadExactlyAsync(body);
        _idle.Writer.TryWrite(stream);
        return header[4] == 10 ? RpbGetResp.Parser.ParseFrom(body) : throw new NoResultException("an error came");
    }
}

/// <summary>What came of a load.</summary>
/// <param name="Rate">Values a second.</param>
/// <param name="Cpu">µs of CPU for each.</param>
/// <param name="Bytes">Allocated for each.</param>
internal sealed record RiakResult(double Rate, double Cpu, double Bytes)
{
    public const string Diesel = "diesel";
    public const string Protobuf = "protobuf";
    public const string Usage = "load-riak NAME --port N [--seconds 1] [--warmup 4]";

    public static int Run(string[] arguments)
    {
        var peer = arguments.FirstOrDefault() ?? throw new UsageException(Usage);
        var options = new CommandLine(arguments.AsSpan(1), "--port", "--seconds", "--warmup");
        using var load = peer switch
        {
            Diesel => (RiakLoad)new DieselRiakLoad(options.Int("--port")),
            Protobuf => new ProtobufRiakLoad(options.Int("--port")),
            _ => throw new UsageException($"unknown peer '{peer}'; known: {Diesel}, {Protobuf}"),
        };
        Thread.Sleep(TimeSpan.FromSeconds(options.Seconds("--warmup", 4)));
        Console.WriteLine(Measure(load, TimeSpan.FromSeconds(options.Seconds("--seconds", 1))));
        return 0;
    }

    public static RiakResult Parse(string line) => JsonSerializer.Deserialize<RiakResult>(line)!;

    public override string ToString() => JsonSerializer.Serialize(this);

    static RiakResult Measure(RiakLoad load, TimeSpan time)
    {
        var (calls, bytes, cpu, clock) = (load.Calls, GC.GetTotalAllocatedBytes(), Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        Thread.Sleep(time);
        calls = load.Calls - calls;
        var seconds = clock.Elapsed.TotalSeconds;
        return calls == 0 ? throw new NoResultException("no call was answered") : new RiakResult(
            calls / seconds,
            (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / calls,
            (double)(GC.GetTotalAllocatedBytes() - bytes) / calls);
    }
}
