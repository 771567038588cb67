using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class InstantTests
{
    [Test]
    public void Tells_times_within_its_frame() => Assert.That(Times("-[a 200us b 0.5ms c]d"), Is.EqualTo([1, 1.2, 1.7, 2]));

    [Test]
    public void Has_a_part_in_any_order() => Assert.That(
        MarbleDiagram.Parse("-[a{bc}|]d"[..^1]).Events.Select(happening => (happening.Time.TotalMilliseconds, happening.AnyOrder)), Is.EqualTo([(1, 0), (1, 1), (1, 1), (1, 0)]));

    [TestCase("[a 1ms b]", "one frame")]
    [TestCase("[a 0.6ms b 400us c]", "one frame")]
    [TestCase("(a 0.6ms b)", "No time passes")]
    [TestCase("{a 0.6ms b}", "No time passes")]
    [TestCase("[a-b]", "No time passes")]
    [TestCase("[a[b]]", "A group stands in a group")]
    [TestCase("{a{b}}", "A group stands in a group")]
    [TestCase("[a{b]", "is closed by '}'")]
    [TestCase("[a{b}", "never closed")]
    [TestCase("'\\u12'", "four hexadecimal digits")]
    public void Refuses(string marbles, string problem) => Assert.That(() => MarbleDiagram.Parse(marbles), Throws.InstanceOf<MarbleSyntaxException>().With.Message.Contains(problem));

    private static IEnumerable<double> Times(string marbles) => MarbleDiagram.Parse(marbles).Events.Select(happening => happening.Time.TotalMilliseconds);
}
