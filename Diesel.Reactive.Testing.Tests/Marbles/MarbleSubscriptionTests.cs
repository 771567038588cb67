using Diesel.Reactive.Testing;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace Diesel.Reactive.Tests;

public class MarbleSubscriptionTests
{
    [TestCase("--^--!", 2, 5)]
    [TestCase("^", 0, null)]
    [TestCase("[^!]", 0, 0)]
    [TestCase("500ms ^ 1s !", 500, 1501)]
    [TestCase("[^ 500us !]", 0, 0.5)]
    [TestCase("-[ 500us ^]!", 1.5, 2)]
    public void Is_written_as_it_is_read(string marbles, double subscribed, double? unsubscribed)
    {
        var subscription = Of(subscribed, unsubscribed);
        Assert.That(MarbleSubscription.Parse(marbles), Is.EqualTo(subscription));
        Assert.That(MarbleSubscription.Parse(subscription.ToString()), Is.EqualTo(subscription));
    }

    [TestCase(2, 5.0, "--^--!")]
    [TestCase(3, null, "---^")]
    [TestCase(1, 1.0, "-[^!]")]
    [TestCase(0, 1001.0, "^ 1s !")]
    [TestCase(0, 0.5, "[^ 500us !]")]
    public void Is_written_as_a_diagram(double subscribed, double? unsubscribed, string marbles) =>
        Assert.That(Of(subscribed, unsubscribed).ToString(), Is.EqualTo(marbles));

    [Property(QuietOnSuccess = true)]
    public void Survives_writing_and_reading(uint subscribed, uint? length)
    {
        var subscription = new MarbleSubscription(new(subscribed), length is { } ticks ? new TimeSpan(subscribed + (long)ticks) : null);
        Assert.That(MarbleSubscription.Parse(subscription.ToString()), Is.EqualTo(subscription));
    }

    [TestCase("")]
    [TestCase(" -- 10ms")]
    public void Is_none_where_nobody_subscribes(string marbles) => Assert.That(MarbleSubscription.Parse(marbles), Is.Null);

    [TestCase("--^--!-", 2, 5)]
    [TestCase("(^!)", 0, 0)]
    [TestCase("10.2ms ^ 1.2s !", 10.2, 1211.2)]
    public void Is_read_as_RxJS_reads_it(string marbles, double subscribed, double unsubscribed) =>
        Assert.That(MarbleSubscription.Parse(marbles, MarbleDialect.RxJs7), Is.EqualTo(Of(subscribed, unsubscribed)));

    [Test]
    public void Cannot_end_before_it_begins_even_in_RxJS() => Assert.That(
        Assert.Throws<MarbleSyntaxException>(() => MarbleSubscription.Parse("--!--^", MarbleDialect.RxJs7))!.Column, Is.EqualTo(2));

    [TestCase(-1, null)]
    [TestCase(2, 1.0)]
    public void Has_times_in_order(double subscribed, double? unsubscribed) =>
        Assert.That(() => Of(subscribed, unsubscribed), Throws.InstanceOf<ArgumentOutOfRangeException>());

    static MarbleSubscription Of(double subscribed, double? unsubscribed) =>
        new(TimeSpan.FromMilliseconds(subscribed), unsubscribed is { } end ? TimeSpan.FromMilliseconds(end) : null);
}
