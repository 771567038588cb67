using Medallion.Threading.Redis;
using StackExchange.Redis;

namespace Diesel.Reactive.Benchmarks.Coordination;

/// <summary>DistributedLock.Redis, from tasks of the thread pool.</summary>
internal sealed class DistributedLockLoad : CoordinationLoad
{
    readonly ConnectionMultiplexer[] _multiplexers;
    readonly TimeSpan _hold;
    volatile bool _isOver;

    public DistributedLockLoad(int port, string workload)
    {
        _hold = HoldOf(workload);
        _multiplexers = [.. new[] { 0, 1 }.Select(_ => ConnectionMultiplexer.Connect($"127.0.0.1:{port}"))];
        for (var i = 0; i < (_hold > TimeSpan.Zero ? Contenders : Callers); i++)
        {
            var mine = i;
            _ = Task.Run(() => _hold > TimeSpan.Zero ? Contend(new("one", Database(mine % 2)), mine) : HoldOwn(new($"own{mine}", Database(0))));
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

    async Task Contend(RedisDistributedLock one, int mine)
    {
        while (!_isOver)
        {
            await using (await one.AcquireAsync())
            {
                Acquired(mine);
                await Task.Delay(_hold);
                Releases();
            }

            await Task.Delay(_hold);
        }
    }
}
