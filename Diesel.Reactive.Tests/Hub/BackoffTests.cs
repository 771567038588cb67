namespace Diesel.Reactive.Tests;

public class BackoffTests
{
    private static readonly Backoff Recipe = new() { First = TimeSpan.FromSeconds(1), Most = TimeSpan.FromSeconds(10), ResetAfter = TimeSpan.FromSeconds(5) };

    [Test]
    public void Without_jitter_each_wait_is_its_bound() => Assert.That(
        Waits(new BackoffRun(Recipe with { Jitter = false }, 0), 6), Is.EqualTo(new[] { 1, 2, 4, 8, 10, 10 }));

    [TestCase(1.0, 1.0, 1.0, 1.0)]
    [TestCase(1.5, 1.0, 1.5, 2.25)]
    [TestCase(1e300, 1.0, 10.0, 10.0)]
    public void The_bound_grows_by_its_factor(double factor, params double[] waits) => Assert.That(
        Waits(new BackoffRun(Recipe with { Jitter = false, Factor = factor }, 0), 3), Is.EqualTo(waits));

    [Test]
    public void No_wait_is_longer_than_its_bound_nor_negative()
    {
        for (var seed = 0UL; seed < 1000; seed++)
        {
            var (run, bounds) = (new BackoffRun(Recipe, seed), new BackoffRun(Recipe with { Jitter = false }, seed));
            Assert.That(Waits(run, 8).Zip(Waits(bounds, 8)), Has.All.Matches<(double Wait, double Bound)>(one => one.Wait >= 0 && one.Wait <= one.Bound));
        }
    }

    [Test]
    public void Waits_are_drawn_evenly()
    {
        var waits = Enumerable.Range(0, 10_000).Select(seed => Waits(new BackoffRun(Recipe, (ulong)seed), 1)[0]).ToArray();
        Assert.That(waits.Average(), Is.EqualTo(0.5).Within(0.02));
        Assert.That(waits.GroupBy(static wait => (int)(wait * 10)).Select(static tenth => tenth.Count()), Has.All.InRange(850, 1150));
    }

    [Test]
    public void A_time_of_health_begins_anew_and_a_shorter_one_does_not()
    {
        var run = new BackoffRun(Recipe with { Jitter = false }, 0);
        Waits(run, 3);
        Assert.That((run.WasWell(TimeSpan.FromSeconds(4.9)), Waits(run, 1)[0], run.WasWell(TimeSpan.FromSeconds(5)), Waits(run, 1)[0]), Is.EqualTo((false, 8.0, true, 1.0)));
    }

    [Test]
    public void In_virtual_time_each_run_draws_the_same_and_no_two_alike()
    {
        var (one, other) = (Drawn(), Drawn());
        Assert.That(one, Is.EqualTo(other).And.Unique);

        static double[] Drawn()
        {
            using var world = new World();
            using var other = new Hub(world.Clock, world.Network);
            return [.. new[] { world.Hub, world.Hub, other }.Select(hub => Waits(new BackoffRun(Recipe, hub), 1)[0])];
        }
    }

    [Test]
    public void A_largest_bound_below_the_first_holds_from_the_beginning() => Assert.That(
        Waits(new BackoffRun(Recipe with { Jitter = false, First = TimeSpan.FromSeconds(20) }, 0), 2), Is.EqualTo(new[] { 10, 10 }));

    [Test]
    public void What_makes_no_sense_is_refused()
    {
        Assert.That(() => new Backoff { First = TimeSpan.Zero }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Backoff { Most = TimeSpan.FromSeconds(-1) }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Backoff { Factor = 0.5 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Backoff { Factor = double.NaN }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Backoff { ResetAfter = TimeSpan.Zero }, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static double[] Waits(BackoffRun run, int count) => [.. Enumerable.Range(0, count).Select(_ => run.Next().TotalSeconds)];
}
