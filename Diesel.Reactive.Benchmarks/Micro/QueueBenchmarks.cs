using System.Threading.Channels;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace Diesel.Reactive.Benchmarks.Micro;

/// <summary>What it costs to hand an item from one loop to another on one hub: our queue, and an unbounded channel.</summary>
/// <remarks>Hop: two loops hand one item to and fro, each waits for the other. Burst: a thousand items are put, then taken
/// by one loop, or shared by ten.</remarks>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class QueueBenchmarks
{
    private const int Items = 1000;

    private readonly TurningHub _hub = new();
    private readonly AsyncQueue<int> _ping;
    private readonly AsyncQueue<int> _pong;
    private readonly Channel<int> _pingChannel = Channel.CreateUnbounded<int>();
    private readonly Channel<int> _pongChannel = Channel.CreateUnbounded<int>();

    public QueueBenchmarks() => (_ping, _pong) = (new AsyncQueue<int>(hub: _hub.Hub), new AsyncQueue<int>(hub: _hub.Hub));

    [Benchmark(Baseline = true, OperationsPerInvoke = Items), BenchmarkCategory("hop")]
    public void ChannelHop() => _hub.Run(
        async () =>
        {
            for (var i = 0; i < Items / 2; i++)
            {
                _pingChannel.Writer.TryWrite(i);
                await _pongChannel.Reader.ReadAsync();
            }
        },
        async () =>
        {
            for (var i = 0; i < Items / 2; i++)
            {
                _pongChannel.Writer.TryWrite(await _pingChannel.Reader.ReadAsync());
            }
        });

    [Benchmark(OperationsPerInvoke = Items), BenchmarkCategory("hop")]
    public void QueueHop() => _hub.Run(
        async () =>
        {
            for (var i = 0; i < Items / 2; i++)
            {
                _ping.Put(i);
                await _pong.Get();
            }
        },
        async () =>
        {
            for (var i = 0; i < Items / 2; i++)
            {
                _pong.Put(await _ping.Get());
            }
        });

    [Benchmark(Baseline = true, OperationsPerInvoke = Items), BenchmarkCategory("burst")]
    public void ChannelBurst() => _hub.Run(() => ReadChannel(Items), () => WriteChannel());

    [Benchmark(OperationsPerInvoke = Items), BenchmarkCategory("burst")]
    public void QueueBurst() => _hub.Run(() => Get(Items), Put);

    [Benchmark(Baseline = true, OperationsPerInvoke = Items), BenchmarkCategory("shared by ten")]
    public void ChannelShared() =>
        _hub.Run([WriteChannel, .. Enumerable.Repeat<Func<Task>>(() => ReadChannel(Items / 10), 10)]);

    [Benchmark(OperationsPerInvoke = Items), BenchmarkCategory("shared by ten")]
    public void QueueShared() => _hub.Run([Put, .. Enumerable.Repeat<Func<Task>>(() => Get(Items / 10), 10)]);

    private Task WriteChannel()
    {
        for (var i = 0; i < Items; i++)
        {
            _pingChannel.Writer.TryWrite(i);
        }

        return Task.CompletedTask;
    }

    private async Task ReadChannel(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _pingChannel.Reader.ReadAsync();
        }
    }

    private Task Put()
    {
        for (var i = 0; i < Items; i++)
        {
            _ping.Put(i);
        }

        return Task.CompletedTask;
    }

    private async Task Get(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _ping.Get();
        }
    }
}
