using FsCheck;
using FsCheck.Fluent;

namespace Diesel.Reactive.Tests.Timers;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class TimerWheelTests
{
    private readonly TimerWheel _wheel = new();
    private readonly HubTimers _owner = new(null!, null!);
    private readonly List<long> _fired = [];

    [Test]
    public void Fires_at_its_tick_and_not_before()
    {
        Set(100);
        Advance(99);
        Assert.That(_fired, Is.Empty);
        Advance(100);
        Assert.That(_fired, Is.EqualTo(new[] { 100 }));
    }

    [Test]
    public void Fires_timers_of_one_tick_in_the_order_they_were_set()
    {
        var order = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            var n = i;
            _wheel.Add(new WheelTimer(_owner, 5000, _ => order.Add(n), null));
        }

        _wheel.Advance(6000, static timer => timer.Callback(timer.State));
        Assert.That(order, Is.EqualTo(new[] { 0, 1, 2, 3, 4 }));
    }

    [Test]
    public void A_cancelled_timer_is_let_go_of_at_once()
    {
        var timer = Set(1_000_000);
        _wheel.Remove(timer);
        Assert.That((_wheel.Count, _wheel.NextTick()), Is.EqualTo((0, (long?)null)));
    }

    [Test]
    public void A_timer_may_cancel_one_that_is_due_with_it()
    {
        WheelTimer second = null!;
        _wheel.Add(new WheelTimer(_owner, 10, _ => _wheel.Remove(second), null));
        second = Set(10);
        Advance(10);
        Assert.That((_fired.Count, _wheel.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void A_timer_that_sets_itself_anew_is_due_in_a_later_call()
    {
        void Again(object? state) => _wheel.Add(new WheelTimer(_owner, 0, s => { _fired.Add(0); Again(s); }, null));
        Again(null);
        Advance(5);
        Assert.That(_fired, Has.Count.EqualTo(1));
    }

    [TestCase(63)]
    [TestCase(64)]
    [TestCase(4096)]
    [TestCase(1L << 40)]
    public void Says_when_to_look_again_never_too_late(long tick)
    {
        Set(tick);
        var looks = 0;
        while (_wheel.NextTick() is { } next)
        {
            Assert.That(next, Is.LessThanOrEqualTo(tick));
            Advance(next);
            looks++;
        }

        Assert.That((_fired.Count, looks <= 8), Is.EqualTo((1, true)));
    }

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public Property Agrees_with_a_sorted_list(int seed) => Prop.ToProperty(Model(new Random(seed)));

    private static bool Model(Random random)
    {
        var (wheel, owner, now) = (new TimerWheel(), new HubTimers(null!, null!), 0L);
        var waiting = new List<WheelTimer>();
        for (var step = 0; step < 200; step++)
        {
            switch (random.Next(4))
            {
                case 0 or 1:
                    var timer = new WheelTimer(owner, now + 1 + (long)Math.Pow(2, random.NextDouble() * 30), static _ => { }, null);
                    waiting.Add(timer);
                    wheel.Add(timer);
                    break;
                case 2 when waiting.Count > 0:
                    var cancelled = waiting[random.Next(waiting.Count)];
                    waiting.Remove(cancelled);
                    wheel.Remove(cancelled);
                    break;
                default:
                    now += (long)Math.Pow(2, random.NextDouble() * 28);
                    var fired = new List<WheelTimer>();
                    wheel.Advance(now, fired.Add);
                    var due = waiting.Where(t => t.Tick <= now).OrderBy(t => t.Tick).ToList();
                    waiting.RemoveAll(due.Contains);
                    if (!fired.Select(t => t.Tick).SequenceEqual(due.Select(t => t.Tick)) || fired.Except(due).Any())
                    {
                        return false;
                    }

                    break;
            }

            if (wheel.Count != waiting.Count || (waiting.Count > 0 && wheel.NextTick() > waiting.Min(t => t.Tick)))
            {
                return false;
            }
        }

        return true;
    }

    private WheelTimer Set(long tick)
    {
        var timer = new WheelTimer(_owner, tick, _ => _fired.Add(tick), null);
        _wheel.Add(timer);
        return timer;
    }

    private void Advance(long now) => _wheel.Advance(now, static timer => timer.Callback(timer.State));
}
