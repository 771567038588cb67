using System.Reactive.Linq;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Benchmarks.Coordination;

/// <summary>This library, on its hub.</summary>
internal sealed class DieselCoordinationLoad : CoordinationLoad
{
    readonly Hub _hub = new();
    readonly TimeSpan _hold;
    volatile bool _isOver;

    public DieselCoordinationLoad(int port, string workload)
    {
        _hold = HoldOf(workload);
        _hub.Errors.Where(_ => !_isOver).Subscribe(static error => Console.Error.WriteLine(error));
        var shared = new[] { 0, 1 }.Select(_ => new RedisCoordination(new RedisClient($"redis://127.0.0.1:{port}", hub: _hub), "bench")).ToArray();
        for (var i = 0; i < (_hold > TimeSpan.Zero ? Contenders : Callers); i++)
        {
            var mine = i;
            if (workload == Queue)
            {
                _hub.Fork(() => Pass(shared[0].Queue<int>("jobs")));
            }
            else
            {
                _hub.Fork(() => _hold > TimeSpan.Zero ? Contend(shared[mine % 2].Lock("one"), mine) : HoldOwn(shared[0].Lock($"own{mine}")));
            }
        }
    }

    // The loops end with their hub.
    public override void Dispose()
    {
        _isOver = true;
        _hub.Dispose();
    }

    async Task Pass(RedisQueue<int> jobs)
    {
        for (var i = 0; ; i++)
        {
            await jobs.PutAsync(i);
            var job = await jobs.Take();
            await job.AckAsync();
            Count();
        }
    }

    async Task HoldOwn(RedisLock own)
    {
        while (true)
        {
            var lease = await own.Acquire();
            await lease.Release();
            Count();
        }
    }

    async Task Contend(RedisLock one, int mine)
    {
        while (true)
        {
            var lease = await one.Acquire();
            Acquired(mine);
            await _hub.Sleep(_hold);
            Releases();
            await lease.Release();
            await _hub.Sleep(_hold);
        }
    }
}
