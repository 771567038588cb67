using System.Reactive.Linq;
using System.Reactive.Subjects;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace Diesel.Reactive.Benchmarks.Micro;

/// <summary>What it costs to fire a signal to a thousand: ours, and a plain subject.</summary>
/// <remarks>Listeners stay subscribed. Waiters are loops that await one value and then the next.</remarks>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class SignalsBenchmarks
{
    private const int Waiters = 1000;
    private static readonly Topic<int> Listened = new("listened");
    private static readonly Topic<int> Awaited = new("awaited");

    private readonly TurningHub _hub = new();
    private readonly Signals _signals;
    private readonly Subject<int> _listened = new();
    private readonly Subject<int> _awaited = new();
    private readonly Action _fire;
    private readonly Action _fireAwaited;
    private readonly Action _next;
    private readonly Action _nextAwaited;
    private long _sum;

    public SignalsBenchmarks()
    {
        _signals = new Signals(_hub.Hub);
        _fire = () => _signals.Fire(Listened, 1);
        _fireAwaited = () => _signals.Fire(Awaited, 1);
        _next = () => _listened.OnNext(1);
        _nextAwaited = () => _awaited.OnNext(1);
    }

    [GlobalSetup]
    public void Setup() => _hub.Do(() =>
    {
        for (var i = 0; i < Waiters; i++)
        {
            _signals.On(Listened).Subscribe(value => _sum += value);
            _listened.Subscribe(value => _sum += value);
            _hub.Hub.Fork(async () =>
            {
                while (true)
                {
                    _sum += await _signals.Wait(Awaited);
                }
            });
            _hub.Hub.Fork(async () =>
            {
                while (true)
                {
                    _sum += await _awaited.FirstAsync();
                }
            });
        }
    });

    [Benchmark(Baseline = true), BenchmarkCategory("listeners")]
    public void SubjectToListeners() => _hub.Do(_next);

    [Benchmark, BenchmarkCategory("listeners")]
    public void FireToListeners() => _hub.Do(_fire);

    [Benchmark(Baseline = true), BenchmarkCategory("waiters")]
    public void SubjectToWaiters() => _hub.Do(_nextAwaited);

    [Benchmark, BenchmarkCategory("waiters")]
    public void FireToWaiters() => _hub.Do(_fireAwaited);
}
