namespace Diesel.Reactive.Tests;

/// <summary>Does to a pool and to its model the same things, and compares what came of it after each.</summary>
internal sealed class PoolRun
{
    // Offsets that no sum of the others makes: no two things are due at the same tick.
    private static readonly TimeSpan Making = TimeSpan.FromMilliseconds(10) + TimeSpan.FromTicks(3001);

    private readonly World _world = new();
    private readonly PoolOptions<int> _options;
    private readonly PoolModel _model;
    private readonly Pool<int> _pool;
    private readonly Dictionary<int, string> _outcomes = [];
    private readonly Dictionary<int, Lease<int>> _leases = [];
    private readonly Dictionary<int, IDisposable> _borrowings = [];
    private readonly List<int> _closed = [];
    private int _borrowers;
    private int _items;
    private int _makings;

    public PoolRun(int max, int maxIdle, int maxWaiting, int failEvery)
    {
        _options = new PoolOptions<int>
        {
            Max = max,
            MaxIdle = maxIdle,
            MaxWaiting = maxWaiting,
            IdleTimeout = TimeSpan.FromMilliseconds(50) + TimeSpan.FromTicks(6007),
        };
        bool Fails(int making) => failEvery > 0 && making % failEvery == failEvery - 1;
        _model = new PoolModel(_options, Making, Fails);
        var create = Observable.Defer(() =>
        {
            var fails = Fails(_makings++);
            return Observable.Timer(Making, _world.Hub).Select(_ => fails ? throw new IOException("refused") : ++_items);
        });
        _pool = new Pool<int>(create, _closed.Add, _options, _world.Hub);
    }

    private string State =>
        $"{_pool.Counts.Lent} lent, {_pool.Counts.Idle} idle, {_pool.Counts.Pending} made, {_pool.Counts.Waiting} waiting; " +
        string.Join(", ", _outcomes.OrderBy(o => o.Key).Select(o => $"{o.Key}: {o.Value}"));

    public void Play(IEnumerable<byte> commands) => _world.Play(async () =>
    {
        var hub = _world.Hub;
        foreach (var command in commands)
        {
            _model.Advance(hub.Elapsed);
            Do(command % 8, command / 8);
            await hub.Sleep();
            _model.Advance(hub.Elapsed);
            Assert.That(State, Is.EqualTo(_model.State));
            Assert.That(_pool.Counts.Lent + _pool.Counts.Idle + _pool.Counts.Pending, Is.LessThanOrEqualTo(_options.Max));
            await hub.Sleep(TimeSpan.FromMilliseconds(command % 5));
        }

        await Drain();
        Assert.That(_world.Errors, Is.Empty);
    });

    private void Do(int action, int choice)
    {
        switch (action)
        {
            case 0 or 1 or 2:
                Borrow(TimeSpan.FromMilliseconds(choice));
                break;
            case 3 or 4 or 5 when _leases.Count > 0:
                Return(_leases.Keys.Order().ElementAt(choice % _leases.Count), discard: action == 5);
                break;
            case 6 when _model.Waiting is { Count: > 0 } waiting:
                Leave(waiting[choice % waiting.Count]);
                break;
            default:
                break;
        }
    }

    private void Borrow(TimeSpan timeout)
    {
        var (me, start) = (_borrowers++, _world.Hub.Elapsed);
        _outcomes[me] = "waits";
        _model.Borrow(me, timeout);
        _borrowings[me] = _pool.Borrow(timeout).Subscribe(
            lease =>
            {
                _outcomes[me] = $"has {lease.Value}";
                _leases.Add(lease.Value, lease);
            },
            error =>
            {
                _outcomes[me] = error switch
                {
                    PoolTimeoutException => "late",
                    PoolExhaustedException => "refused",
                    _ => "failed",
                };
                Assert.That(error is not PoolTimeoutException || _world.Hub.Elapsed - start == timeout, "The timeout is not exact.");
            });
    }

    private void Return(int item, bool discard)
    {
        _model.Return(item, discard);
        _leases.Remove(item, out var lease);
        (discard ? (Action)lease!.Discard : lease!.Dispose)();
    }

    private void Leave(int borrower)
    {
        _model.Leave(borrower);
        _outcomes[borrower] = "left";
        _borrowings[borrower].Dispose();
    }

    private async Task Drain()
    {
        await _world.Hub.Sleep(TimeSpan.FromSeconds(1));
        foreach (var lease in _leases.Values.ToArray())
        {
            lease.Dispose();
        }

        await _pool.Drain(TimeSpan.FromSeconds(1));
        Assert.That(_closed.Order(), Is.EqualTo(Enumerable.Range(1, _items)), "each item is closed once");
        Assert.That(_pool.Counts, Is.EqualTo(_pool.Counts with { Lent = 0, Idle = 0, Pending = 0, Waiting = 0 }));
    }
}
