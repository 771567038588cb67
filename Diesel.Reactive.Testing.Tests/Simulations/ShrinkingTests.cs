using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class ShrinkingTests
{
    [Test]
    public void Two_faults_that_are_needed_are_found_among_a_hundred([Values(0, 13, 98)] int one, [Values(1, 40, 99)] int other) =>
        Assert.That(Shortest(100, [one, other]), Is.EqualTo(new[] { one, other }.Distinct().Order()));

    [Test]
    public void None_are_left_when_none_are_needed() => Assert.That(Shortest(100, []), Is.Empty);

    [Test]
    public void All_are_left_when_all_are_needed() => Assert.That(Shortest(8, [0, 1, 2, 3, 4, 5, 6, 7]), Has.Count.EqualTo(8));

    [Test]
    public void It_stops_at_its_limit_with_what_it_has()
    {
        var shrinking = new Shrinking(Faults(100), only => only.Any(f => f.Ordinal == 5) && only.Any(f => f.Ordinal == 77), maxRuns: 7);
        Assert.That((shrinking.Shortest().Count is > 2 and < 100, shrinking.Runs), Is.EqualTo((true, 7)));
    }

    private static List<int> Shortest(int count, int[] needed) =>
        [.. new Shrinking(Faults(count), only => needed.All(n => only.Any(f => f.Ordinal == n)), 10_000).Shortest().Select(static f => f.Ordinal)];

    private static Fault[] Faults(int count) =>
        [.. Enumerable.Range(0, count).Select(static n => new Fault(FaultKind.Loss, "a→b", n, TimeSpan.FromSeconds(n)))];
}
