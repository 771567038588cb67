using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HubInVirtualTimeTests : IDisposable
{
    private readonly MarbleScheduler _scheduler = new();
    private readonly List<string> _told = [];
    private readonly Hub _hub;

    public HubInVirtualTimeTests() => _hub = new Hub(_scheduler, new VirtualNetwork());

    public void Dispose() => _hub.Dispose();

    [Test]
    public void A_loop_sleeps_to_exact_frames()
    {
        _hub.Fork(async () =>
        {
            for (var i = 0; i < 3; i++)
            {
                await _hub.Sleep(Ms(5));
                Tell(i);
            }
        });
        _scheduler.Start();
        Assert.That(_told, Is.EqualTo(new[] { "0@5", "1@10", "2@15" }));
    }

    [Test]
    public void Its_turns_take_no_time()
    {
        _hub.Fork(async () =>
        {
            foreach (var i in Enumerable.Range(0, 3))
            {
                await _hub.Sleep();
                Tell(i);
            }
        });
        _scheduler.Start();
        Assert.That(_told, Is.EqualTo(new[] { "0@0", "1@0", "2@0" }));
    }

    [Test]
    public void Queues_between_loops_take_no_time()
    {
        var queue = new AsyncQueue<int>(hub: _hub);
        _hub.Fork(async () => Tell(await queue.Get()));
        _hub.Fork(async () =>
        {
            await _hub.Sleep(Ms(2));
            queue.Put(7);
        });
        _scheduler.Start();
        Assert.That(_told, Is.EqualTo(new[] { "7@2" }));
    }

    [Test]
    public void Operators_on_a_hub_keep_its_time()
    {
        Observable.Interval(Ms(4), _hub).Take(2).Subscribe(Tell);
        _scheduler.Start();
        Assert.That(_told, Is.EqualTo(new[] { "0@4", "1@8" }));
    }

    private static TimeSpan Ms(double ms) => TimeSpan.FromMilliseconds(ms);

    private void Tell<T>(T what) => _told.Add(FormattableString.Invariant($"{what}@{_scheduler.Elapsed.TotalMilliseconds}"));
}
