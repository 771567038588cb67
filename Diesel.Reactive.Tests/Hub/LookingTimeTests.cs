namespace Diesel.Reactive.Tests;

public class LookingTimeTests
{
    [Test]
    public void Time_that_is_looked_at_counts() => Assert.That(Looks(1, 2, 3.5), Is.EqualTo("1 2 3.5"));

    [Test]
    public void A_look_that_comes_late_counts_nothing_and_the_next_one_counts_on() => Assert.That(Looks(1, 61, 62), Is.EqualTo("1 1 2"));

    [Test]
    public void Where_every_look_is_late_each_counts_as_a_period() => Assert.That(Looks(10, 20, 30), Is.EqualTo("0 1 2"));

    [TestCase(10, 1)]
    [TestCase(0.001, 0.001)]
    public void It_is_looked_at_ten_times_within_a_limit_but_not_more_often_than_the_clock_tells(double limit, double period) =>
        Assert.That(LookingTime.PeriodOf(TimeSpan.FromSeconds(limit)), Is.EqualTo(TimeSpan.FromSeconds(period)));

    private static string Looks(params double[] times)
    {
        var time = new LookingTime(TimeSpan.FromSeconds(1), TimeSpan.Zero);
        return string.Join(' ', times.Select(at => time.Look(TimeSpan.FromSeconds(at)).TotalSeconds));
    }
}
