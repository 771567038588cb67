using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Subjects;

namespace Diesel.Reactive.Tests;

/// <summary>One run of <c>SelectAsync</c> in virtual time, drawn from a seed, and all that can be seen of it.</summary>
internal sealed class AsyncPlay(int seed)
{
    private readonly Random _random = new(seed);
    private readonly World _world = new();
    private readonly Subject<int> _source = new();
    private readonly List<string> _seen = [];
    private readonly HashSet<Loop> _loops = [];
    private readonly AsyncLocal<int> _local = new();
    private IDisposable? _subscription;
    private int _pushed;
    private int _pushedWithin;

    public delegate IObservable<int> Maker(
        IObservable<int> source, Func<int, Task<int>> selector, int max, bool ordered, Func<IDisposable>? hold, int capacity, Hub hub);

    public static IReadOnlyList<string> Of(int seed, Maker make)
    {
        var play = new AsyncPlay(seed);
        play.Run(make);
        return play._seen;
    }

    private void Run(Maker make)
    {
        var (max, ordered, held, capacity) = (_random.Next(1, 4), _random.Next(2) == 0, _random.Next(2) == 0, _random.Next(1, 30));
        var leaves = _random.Next(4) == 0 ? _random.Next(1, 30) : int.MaxValue;
        var results = make(_source, Handle, max, ordered, held ? Hold : null, capacity, _world.Hub);
        _world.Do(() => _subscription = results.Subscribe(See, e => Saw($"#{e.GetType().Name} {(e is IOException ? e.Message : "")}"), () => Saw("|")));
        for (var step = 0; step < 20; step++)
        {
            _world.Do(() => Act(step, leaves));
            _world.Passes(_random.Next(0, 3) / 1000.0);
        }

        _world.Do(() => _source.OnCompleted());
        _world.Passes(1);
        Saw($"in the end {_source.HasObservers} {string.Join(',', _loops.Select(loop => loop.IsRunning))} {_world.Trouble}");
        _world.Dispose();
    }

    private void Act(int step, int leaves)
    {
        if (step == leaves)
        {
            _subscription!.Dispose();
            Saw("left");
        }

        for (var items = _random.Next(0, 4); items > 0; items--)
        {
            _source.OnNext(_pushed++);
        }
    }

    private void See(int result)
    {
        Saw($"{result} in {Loop.Current?.GetType().Name ?? "no loop"}, {_local.Value}");

        // Who is told something may give something.
        if (result % 7 == 3 && _pushedWithin++ < 5)
        {
            _source.OnNext(_pushed++);
        }
    }

    private IDisposable Hold()
    {
        Saw("held");
        return Disposable.Create(() => Saw("let go"));
    }

    private Task<int> Handle(int item)
    {
        Saw($"begins {item}");
        return ((item * 31 + seed) % 101) switch
        {
            < 40 => Task.FromResult(item),
            < 50 => Set(item),
            < 60 => Look(item),
            < 65 => Children(item),
            < 70 => Ready(item),
            < 71 => throw new FormatException($"{item}"),
            < 72 => Task.FromException<int>(new IOException($"{item}")),
            < 73 => Task.FromCanceled<int>(new CancellationToken(true)),
            < 74 => null!,
            < 84 => Waits(item, item % 5),
            < 86 => Fails(item),
            < 90 => Elsewhere(item),
            < 94 => Strays(item),
            < 95 => LeavesAndWaits(item),
            _ => Twice(item),
        };
    }

    // What it sets is not to be seen afterwards.
    private Task<int> Set(int item)
    {
        _local.Value = item;
        return Task.FromResult(item);
    }

    private Task<int> Look(int item)
    {
        Saw($"{item} is in {Describe()}");
        return Task.FromResult(item);
    }

    private async Task<int> Children(int item)
    {
        _ = Loop.Current!.ForkChild(async () =>
        {
            Saw("a child");
            await _world.Hub.Sleep(TimeSpan.FromMilliseconds(5));
            Saw("a child goes on");
        });
        if (item % 2 == 0)
        {
            await _world.Hub.Sleep(TimeSpan.FromMilliseconds(2));
        }

        return item;
    }

    private async Task<int> Ready(int item)
    {
        var queue = new AsyncQueue<int>(hub: _world.Hub);
        queue.Put(item);
        return await queue.Get();
    }

    private async Task<int> Waits(int item, int milliseconds)
    {
        try
        {
            await _world.Hub.Sleep(TimeSpan.FromMilliseconds(milliseconds));
        }
        finally
        {
            Saw($"{item} has waited, in {Describe()}, {Loop.Current!.Token.IsCancellationRequested}");
        }

        return item;
    }

    private async Task<int> Fails(int item)
    {
        await _world.Hub.Sleep(TimeSpan.FromMilliseconds(3));
        throw new IOException($"{item}");
    }

    // A promise that another item's method keeps, or the clock.
    private async Task<int> Elsewhere(int item)
    {
        var promise = new TaskCompletionSource<int>();
        _world.Hub.Schedule(TimeSpan.FromMilliseconds(2), () => promise.SetResult(item));
        return await promise.Task;
    }

    // Code that goes on when its method is done belongs to a loop that has ended.
    private Task<int> Strays(int item)
    {
        async Task Stray()
        {
            await Task.Yield();
            Saw($"a stray of {item} is in {Describe()}, {Loop.Current!.Token.IsCancellationRequested}");
            try
            {
                await _world.Hub.Sleep();
            }
            catch (OperationCanceledException)
            {
                Saw("a stray is refused");
            }
        }

        _ = Stray();
        return Task.FromResult(item);
    }

    private async Task<int> LeavesAndWaits(int item)
    {
        await _world.Hub.Sleep(TimeSpan.FromMilliseconds(1));
        _subscription!.Dispose();
        Saw("left within");
        return await Waits(item, 2);
    }

    private async Task<int> Twice(int item) => await Waits(item, 1) + await Waits(0, 1);

    private string Describe()
    {
        var loop = Loop.Current!;
        return $"{(_loops.Add(loop) ? "a new" : "a known")} loop, {(loop.IsRunning ? "running" : "ended")}";
    }

    private void Saw(string what) => _seen.Add($"{_world.Now * 1000:0}: {what}");
}
