using System.Reactive.Linq;
using System.Reactive.Subjects;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace Diesel.Reactive.Benchmarks.Micro;

/// <summary>What it costs to handle an item with an asynchronous method: ours, and Rx's <c>Select</c> and <c>Concat</c>.</summary>
/// <remarks>At once: the method is done when it returns its task. Suspended: it awaits the next turn.</remarks>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class SelectAsyncBenchmarks
{
    private const int Items = 1000;
    private static readonly Task<int> One = Task.FromResult(1);

    private readonly TurningHub _hub = new();
    private readonly Subject<int> _concat = new();
    private readonly Subject<int> _atOnce = new();
    private readonly Subject<int> _suspended = new();
    private readonly Action _pushConcat;
    private readonly Action _pushAtOnce;
    private readonly Action _pushSuspended;
    private long _sum;

    public SelectAsyncBenchmarks() =>
        (_pushConcat, _pushAtOnce, _pushSuspended) = (() => Push(_concat), () => Push(_atOnce), () => Push(_suspended));

    [GlobalSetup]
    public void Setup() => _hub.Do(() =>
    {
        _concat.Select(static _ => Observable.FromAsync(static () => One)).Concat().Subscribe(n => _sum += n);
        _atOnce.SelectAsync(static _ => One, 1, hub: _hub.Hub).Subscribe(n => _sum += n);
        _suspended.SelectAsync(Next, Items, hub: _hub.Hub).Subscribe(n => _sum += n);
    });

    [Benchmark(Baseline = true, OperationsPerInvoke = Items), BenchmarkCategory("at once")]
    public void ConcatAtOnce() => _hub.Do(_pushConcat);

    [Benchmark(OperationsPerInvoke = Items), BenchmarkCategory("at once")]
    public void SelectAsyncAtOnce() => _hub.Do(_pushAtOnce);

    [Benchmark(OperationsPerInvoke = Items), BenchmarkCategory("suspended")]
    public void SelectAsyncSuspended() => _hub.Do(_pushSuspended);

    private async Task<int> Next(int item)
    {
        await _hub.Hub.Sleep();
        return item;
    }

    private static void Push(Subject<int> source)
    {
        for (var i = 0; i < Items; i++)
        {
            source.OnNext(i);
        }
    }
}
