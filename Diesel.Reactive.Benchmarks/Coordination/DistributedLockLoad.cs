using Medallion.Threading.Redis;
using StackExchange.Redis;

namespace Diesel.Reactive.Benchmarks.Coordination;

/// <summary>DistributedLock.Redis, from tasks of the thread pool.</summary>
internal sealed class DistributedLockLoad : CoordinationLoad
{
    readonly ConnectionMultiplexer[] _multiplexers;
    volatile bool _isOver;

    public DistributedLockLoad(int port, string workload)
    {
        _multiplexers = [.. new[] { 0, 1 }.Select(_ => ConnectionMultiplexer.Connect($"127.0.0.1:{port}"))];
        for (var i = 0; i < (workload == Contended ? Contenders : Callers); i++)
        {
            var mine = i;
            _ = Task.Run(() => workload == Contended ? Contend(new("one", Database(mine % 2))) : HoldOwn(new($"own{mine}", Database(0))));
        }
    }

    public override void Dispose()
    {
        _isOver = true;
        Array.ForEach(_multiplexers, static one => one.Dispose());
    }

    IDatabase Database(int which) => _multiplexers[which].GetDatabase();

    async Task HoldOwn(RedisDistributedLock own)
    {
        while (!_isOver)
        {
            await using (await own.AcquireAsync())
            {
            }

            Count();
        }
    }

    async Task Contend(RedisDistributedLock one)
    {
        while (!_isOver)
        {
            await using var held = await one.AcquireAsync();
            Acquired();
            await Task.Delay(CoordinationLoad.Hold);
            Releases();
        }
    }
}
