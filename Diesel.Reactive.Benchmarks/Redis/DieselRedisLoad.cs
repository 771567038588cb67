using Diesel.Reactive.Benchmarks.Harness;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Benchmarks.Redis;

/// <summary>This library, on its hub.</summary>
internal sealed class DieselRedisLoad : RedisLoad
{
    readonly Hub _hub;
    readonly RedisClient _redis;
    readonly RedisWorkload _workload;
    readonly RedisPublisher? _publisher;
    volatile bool _isOver;

    public DieselRedisLoad(int port, RedisWorkload workload, bool looks)
    {
        _hub = new(looks ? new HubOptions() : new HubOptions { Spin = TimeSpan.Zero });
        _workload = workload;
        _hub.Errors.Subscribe(static error => Console.Error.WriteLine(error));
        _redis = new RedisClient($"redis://127.0.0.1:{port}", hub: _hub);
        switch (workload.Asking)
        {
            case RedisAsking.Nobody:
                Listen();
                _publisher = new RedisPublisher(port, () => Calls);
                break;
            case RedisAsking.Batches:
                _hub.Fork(Batches);
                break;
            case RedisAsking.PoolCallers:
                Begin(() => Task.Run(Ask));
                break;
            default:
                Begin(() => _hub.Fork(Ask));
                break;
        }
    }

    public override void Dispose()
    {
        _isOver = true;
        _publisher?.Dispose();
        _redis.Dispose();
        _hub.Dispose();
    }

    void Begin(Action caller)
    {
        for (var callers = _workload.Depth; callers > 0; callers--)
        {
            caller();
        }
    }

    void Listen()
    {
        var hub = new RedisSubHub(_redis);
        foreach (var pattern in RedisPublisher.Patterns)
        {
            // Its error is the end of this program.
            hub.Patterns(pattern).Subscribe(message => Received(message.Payload.Length, _workload.Length), static _ => { });
        }
    }

    async Task Batches()
    {
        Bytes key = RedisWorkload.Key;
        while (true)
        {
            var got = _workload.IsSet
                ? (await _redis.Batch(b => Enumerable.Range(0, _workload.Depth).Select(_ => b.Set(key, Value)))).Count
                : (await _redis.Batch(b => Enumerable.Range(0, _workload.Depth).Select(_ => b.Get(key)))).Count(value => value?.Length == _workload.Length);
            Count(got == _workload.Depth ? got : throw new NoResultException("a reply is missing"));
        }
    }

    async Task Ask()
    {
        Bytes key = RedisWorkload.Key;
        while (!_isOver)
        {
            if (_workload.IsSet ? !await _redis.Set(key, Value) : (await _redis.Get(key))?.Length != _workload.Length)
            {
                throw new NoResultException("a reply is wrong");
            }

            Count(1);
        }
    }
}
