namespace Diesel.Reactive.Tests;

public class SubscriptionDifferenceTests
{
    [Test]
    public void None() => Assert.That(Compared.Subscriptions(["^--!", "--^"], ["^--!", "--^"]), Is.Null);

    [Test]
    public void Disposed_early() => Assert.That(Compared.Text(Compared.Subscriptions(["^----!"], ["^--!"], ("keys", "--a--b|"))), Is.EqualTo("""
          ms        0  3 5
          keys      --a--b|
          expected  ^----!
          actual    ^--!
                       ^
          1 of 2 differs, first at 3 ms:
            !     expected 5 ms, was 3 ms   (2 ms early)
        """));

    [Test]
    public void Several() => Assert.That(Compared.Text(Compared.Subscriptions(["^----!", "---^--!"], ["^", "--^---!", "-------^"], ("keys", "--a--b---|"))), Is.EqualTo("""
          ms          0 2  5 7 9
          keys        --a--b---|
          expected 1  ^----!
          actual 1    ^
                           ^
          expected 2  ---^--!
          actual 2    --^---!
                        ^
          actual 3    -------^
                             ^
          3 of 5 differ, first at 2 ms:
            ^ 2   expected 3 ms, was 2 ms   (1 ms early)
            ! 1   missing: expected at 5 ms, but it is still there
            ^ 3   unexpected at 7 ms
        """));

    [Test]
    public void Never_subscribed() => Assert.That(Compared.Text(Compared.Subscriptions(["--^-!"], [], ("keys", "--a|"))), Is.EqualTo("""
          ms          2 4
          keys      --a|
          expected  --^-!
                      ^ ^
          2 of 2 differ, first at 2 ms:
            ^     missing: expected at 2 ms
            !     missing: expected at 4 ms, but it is still there
        """));

    [Test]
    public void Of_very_many_only_those_around_the_first_difference_are_told()
    {
        var report = Compared.Subscriptions([.. Enumerable.Repeat("^!", 50)], [.. Enumerable.Repeat("^!", 50), .. Enumerable.Repeat("^-!", 3000)], ("keys", "--a|"))!;
        Assert.That(report.Text, Does.Contain("actual 51").And.Contain("of the 6200 events are not shown").And.Length.LessThan(5000));
        Assert.That(report.FullText, Does.Contain("actual 3050"));
    }
}
