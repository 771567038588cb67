using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class AnyOrderTests
{
    [TestCase("[a{ab}]", "[aba]")]
    [TestCase("[a{ab}]", "[aab]")]
    [TestCase("[{ab}{ab}]", "[baab]")]
    [TestCase("[{ab}{cb}a]", "[babca]")]
    [TestCase("-{ab}{ba}|", "-[ba][ba]|")]
    public void A_group_takes_what_stands_in_its_own_place(string expected, string told) => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot(told)).ToBe(expected));

    [TestCase("[a{ab}]", "[baa]")]
    [TestCase("[{ab}{ab}]", "[aabb]")]
    [TestCase("[{ab}a]", "[aab]")]
    public void And_nothing_else(string expected, string told) => Assert.That(() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot(told)).ToBe(expected)), Throws.TypeOf<MarblesDifferException>());

    [Test]
    public void A_group_has_a_largest_size()
    {
        Assert.That(MarbleDiagram.Parse($"{{{new string('a', 200)}}}").Events, Has.Count.EqualTo(200));
        Assert.That(() => MarbleDiagram.Parse($"{{{new string('a', 201)}}}"), Throws.TypeOf<MarbleSyntaxException>().With.Message.Contains("at most 200"));
    }

    [Test]
    public void Bytes_that_are_joined_have_an_order() => Assert.That(() => MarbleTest.Run(t =>
        t.ExpectBytes(t.HotBytes("[ab]")).ToBe("{ba}")), Throws.TypeOf<MarbleSyntaxException>().With.Message.Contains("in their order"));
}
