namespace Diesel.Reactive.Tests;

/// <summary>When a thread looks before it sleeps, and for how long.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class SpinBudgetTests
{
    private const double Wake = 40;

    private SpinBudget _budget = new(TimeSpan.FromMicroseconds(100));

    private double Next => _budget.Next.TotalMicroseconds;

    [TestCase(100, 1, false)]
    [TestCase(100, 2, true)]
    [TestCase(0, 2, false)]
    public void With_one_core_looking_never_pays(int most, int cores, bool pays) =>
        Assert.That(SpinBudget.CanPay(TimeSpan.FromMicroseconds(most), cores), Is.EqualTo(pays));

    [Test]
    public void The_longest_bound_is_one()
    {
        _budget = new(TimeSpan.MaxValue);
        Idles(20, times: 10);
        Assert.That(Next, Is.GreaterThan(20));
    }

    [Test]
    public void At_first_it_sleeps() => Assert.That(Next, Is.Zero);

    [Test]
    public void Where_things_come_fast_it_begins_to_look_after_a_few_sleeps()
    {
        Idles(20, times: 3);
        Assert.That(Next, Is.Zero);
        Idles(20);
        Assert.That(Next, Is.GreaterThan(20));
    }

    [Test]
    public void It_looks_no_longer_than_a_few_times_what_it_usually_takes()
    {
        Idles(5, times: 50);
        Assert.That(Next, Is.EqualTo(20).Within(5));
        Idles(80, times: 50);
        Assert.That(Next, Is.EqualTo(100));
    }

    [Test]
    public void It_never_looks_longer_than_it_may()
    {
        for (var idle = 0; idle < 200; idle++)
        {
            Idles(idle, times: 3);
            Assert.That(Next, Is.LessThanOrEqualTo(100));
        }
    }

    [Test]
    public void It_gives_up_after_looking_in_vain_a_few_times()
    {
        Idles(20, times: 100);
        Idles(1000, times: 3);
        Assert.That(Next, Is.Zero);
    }

    [Test]
    public void Where_things_come_slowly_it_never_looks()
    {
        Idles(1000, times: 1000);
        Assert.That(Next, Is.Zero);
    }

    [TestCase(120)]
    [TestCase(350)]
    public void Where_it_is_not_known_why_sleeps_are_long_trials_cost_hardly_anything(double idle)
    {
        var (looked, all) = (0.0, 0.0);
        for (var i = 0; i < 10_000; i++)
        {
            (looked, all) = (looked + Next, all + idle + Wake);
            Idles(idle);
        }

        Assert.That(looked / all, Is.InRange(0.001, 0.02));
    }

    [Test]
    public void Where_sleeps_are_long_because_both_sides_wake_slowly_it_finds_out()
    {
        for (var i = 0; i < 20 && Next == 0; i++)
        {
            _budget.Came(TimeSpan.FromMicroseconds(180), TimeSpan.Zero);
        }

        Idles(30, times: 20);
        Assert.That(Next, Is.GreaterThan(30));
    }

    [Test]
    public void Where_things_come_just_too_late_it_looks_in_vain_now_and_then_at_most()
    {
        var vain = 0;
        for (var i = 0; i < 1000; i++)
        {
            vain += Next > 0 ? 1 : 0;
            Idles(105);
        }

        Assert.That(vain, Is.LessThan(350));
    }

    [Test]
    public void Timers_that_come_due_are_no_reason_to_look()
    {
        Idles(20, times: 100);
        for (var i = 0; i < 3; i++)
        {
            _budget.Missed(_budget.Next);
        }

        Assert.That(Next, Is.Zero);
    }

    [Test]
    public void A_neighbour_that_takes_the_core_for_long_stops_it_for_long()
    {
        Idles(20, times: 100);
        _budget.Came(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(5));
        Idles(20, times: 300);
        Assert.That(Next, Is.Zero);
        Idles(20, times: 300);
        Assert.That(Next, Is.GreaterThan(20));
    }

    [Test]
    public void A_long_rest_is_no_debt()
    {
        Idles(1_000_000, times: 1000);
        Idles(20, times: 4);
        Assert.That(Next, Is.GreaterThan(20));
    }

    [Test]
    public void One_pause_among_many_short_waits_does_not_stop_it()
    {
        Idles(20, times: 100);
        Idles(1_000_000);
        Assert.That(Next, Is.GreaterThan(20));
    }

    // As the loop does: it looks for as long as it may, and sleeps for the rest, which ends a little late.
    private void Idles(double microseconds, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            var looks = Next;
            var found = microseconds <= looks;
            _budget.Came(
                TimeSpan.FromMicroseconds(found ? microseconds : microseconds + Wake),
                TimeSpan.FromMicroseconds(found ? microseconds : looks));
        }
    }
}
