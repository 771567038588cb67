using NRedisStack;
using StackExchange.Redis;

namespace Diesel.Reactive.Benchmarks.Redis;

/// <summary>StackExchange.Redis, from tasks of the thread pool; or NRedisStack, which asks by way of it.</summary>
internal sealed class StackExchangeLoad : RedisLoad
{
    readonly ConnectionMultiplexer _multiplexer;
    readonly RedisWorkload _workload;
    readonly RedisPublisher? _publisher;
    volatile bool _isOver;

    public StackExchangeLoad(int port, RedisWorkload workload, bool stack)
    {
        _workload = workload;
        _multiplexer = ConnectionMultiplexer.Connect($"127.0.0.1:{port}");
        if (workload.Asking == RedisAsking.Nobody)
        {
            Listen();
            _publisher = new RedisPublisher(port, () => Calls);
            return;
        }

        for (var caller = workload.Asking == RedisAsking.Batches ? 1 : workload.Depth; caller > 0; caller--)
        {
            _ = Task.Run(() => workload.Asking != RedisAsking.Batches ? Ask() : stack ? Pipelines() : Batches());
        }
    }

    public override void Dispose()
    {
        _isOver = true;
        _publisher?.Dispose();
        _multiplexer.Dispose();
    }

    void Listen()
    {
        foreach (var pattern in RedisPublisher.Patterns)
        {
            _multiplexer.GetSubscriber().Subscribe(RedisChannel.Pattern(pattern), (_, message) => Received(message.Length(), _workload.Length));
        }
    }

    async Task Batches()
    {
        var db = _multiplexer.GetDatabase();
        var tasks = new Task[_workload.Depth];
        while (!_isOver)
        {
            var batch = db.CreateBatch();
            for (var i = 0; i < tasks.Length; i++)
            {
                tasks[i] = One(batch);
            }

            batch.Execute();
            await Task.WhenAll(tasks);
            Count(tasks.Length);
        }
    }

    async Task Pipelines()
    {
        var db = _multiplexer.GetDatabase();
        var tasks = new Task[_workload.Depth];
        while (!_isOver)
        {
            var pipeline = new Pipeline(db);
            for (var i = 0; i < tasks.Length; i++)
            {
                tasks[i] = One(pipeline.Db);
            }

            pipeline.Execute();
            await Task.WhenAll(tasks);
            Count(tasks.Length);
        }
    }

    async Task Ask()
    {
        var db = _multiplexer.GetDatabase();
        while (!_isOver)
        {
            await One(db);
            Count(1);
        }
    }

    Task One(IDatabaseAsync db) => _workload.IsSet ? db.StringSetAsync(RedisWorkload.Key, Value) : db.StringGetAsync(RedisWorkload.Key);
}
