using System.Net;
using System.Net.Sockets;
using System.Text;
using Diesel.Reactive.Benchmarks.Harness;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;
using StackExchange.Redis;

namespace Diesel.Reactive.Benchmarks.Redis;

/// <summary>Something that asks and asks. Its number is read from another thread.</summary>
internal abstract class RedisLoad : IDisposable
{
    long _calls;

    public long Calls => Volatile.Read(ref _calls);

    protected static byte[] Value { get; } = Encoding.ASCII.GetBytes(new string('x', RedisWorkload.ValueLength));

    public abstract void Dispose();

    protected void Count(int calls) => Interlocked.Add(ref _calls, calls);
}

/// <summary>This library, on its hub.</summary>
internal sealed class DieselLoad : RedisLoad
{
    readonly Hub _hub = new();
    readonly RedisClient _redis;

    public DieselLoad(int port, RedisWorkload workload)
    {
        _hub.Errors.Subscribe(static error => Console.Error.WriteLine(error));
        _redis = new RedisClient($"redis://127.0.0.1:{port}", hub: _hub);
        for (var caller = workload.IsBatch ? 1 : workload.Depth; caller > 0; caller--)
        {
            _hub.Fork(() => workload.IsBatch ? Batches(workload) : Calls1(workload.IsSet));
        }
    }

    public override void Dispose()
    {
        _redis.Dispose();
        _hub.Dispose();
    }

    async Task Batches(RedisWorkload workload)
    {
        Bytes key = RedisWorkload.Key;
        while (true)
        {
            var got = workload.IsSet
                ? (await _redis.Batch(b => Enumerable.Range(0, workload.Depth).Select(_ => b.Set(key, Value)))).Count
                : (await _redis.Batch(b => Enumerable.Range(0, workload.Depth).Select(_ => b.Get(key)))).Count(static value => value?.Length == RedisWorkload.ValueLength);
            Count(got == workload.Depth ? got : throw new NoResultException("a reply is missing"));
        }
    }

    async Task Calls1(bool isSet)
    {
        Bytes key = RedisWorkload.Key;
        while (true)
        {
            if (isSet ? !await _redis.Set(key, Value) : (await _redis.Get(key))?.Length != RedisWorkload.ValueLength)
            {
                throw new NoResultException("a reply is wrong");
            }

            Count(1);
        }
    }
}

/// <summary>StackExchange.Redis, from tasks of the thread pool.</summary>
internal sealed class StackExchangeLoad : RedisLoad
{
    readonly ConnectionMultiplexer _multiplexer;
    volatile bool _isOver;

    public StackExchangeLoad(int port, RedisWorkload workload)
    {
        _multiplexer = ConnectionMultiplexer.Connect($"127.0.0.1:{port}");
        for (var caller = workload.IsBatch ? 1 : workload.Depth; caller > 0; caller--)
        {
            _ = Task.Run(() => workload.IsBatch ? Batches(workload) : Calls1(workload.IsSet));
        }
    }

    public override void Dispose()
    {
        _isOver = true;
        _multiplexer.Dispose();
    }

    async Task Batches(RedisWorkload workload)
    {
        var db = _multiplexer.GetDatabase();
        var tasks = new Task[workload.Depth];
        while (!_isOver)
        {
            var batch = db.CreateBatch();
            for (var i = 0; i < tasks.Length; i++)
            {
                tasks[i] = workload.IsSet ? batch.StringSetAsync(RedisWorkload.Key, Value) : batch.StringGetAsync(RedisWorkload.Key);
            }

            batch.Execute();
            await Task.WhenAll(tasks);
            Count(tasks.Length);
        }
    }

    async Task Calls1(bool isSet)
    {
        var db = _multiplexer.GetDatabase();
        while (!_isOver)
        {
            if (isSet)
            {
                await db.StringSetAsync(RedisWorkload.Key, Value);
            }
            else
            {
                await db.StringGetAsync(RedisWorkload.Key);
            }

            Count(1);
        }
    }
}

/// <summary>A blocking socket that writes prepared bytes, and reads as many as are due without looking at them.</summary>
internal sealed class RawRedisLoad : RedisLoad
{
    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public RawRedisLoad(int port, RedisWorkload workload)
    {
        _socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        new Thread(() => Loop(workload)) { IsBackground = true }.Start();
    }

    public override void Dispose() => _socket.Dispose();

    void Loop(RedisWorkload workload)
    {
        var value = Encoding.ASCII.GetString(Value);
        var one = workload.IsSet
            ? $"*3\r\n$3\r\nSET\r\n${RedisWorkload.Key.Length}\r\n{RedisWorkload.Key}\r\n${value.Length}\r\n{value}\r\n"
            : $"*2\r\n$3\r\nGET\r\n${RedisWorkload.Key.Length}\r\n{RedisWorkload.Key}\r\n";
        var requests = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(one, workload.Depth)));
        var owed = workload.Depth * (workload.IsSet ? "+OK\r\n".Length : $"${value.Length}\r\n{value}\r\n".Length);
        var received = new byte[64 * 1024];
        while (true)
        {
            _socket.Send(requests);
            for (var left = owed; left > 0;)
            {
                left -= _socket.Receive(received, Math.Min(left, received.Length), SocketFlags.None);
            }

            Count(workload.Depth);
        }
    }
}
