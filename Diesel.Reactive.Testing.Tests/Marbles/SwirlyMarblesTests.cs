using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class SwirlyMarblesTests
{
    [TestCase("-a-b-|", "a@1 b@3 |@5")]
    [TestCase("--a  b|", "a@2 b@5 |@6")]
    [TestCase("   -a-|", "a@4 |@6")]
    [TestCase("a 10ms b", "a@0 1@2 0@3 m@4 s@5 b@7")]
    [TestCase("--( a b )-|", "a@2 b@2 |@10")]
    [TestCase("-(c|)", "c@1 |@1")]
    [TestCase("ab = --c|", "a@0 b@1 =@3 c@7 |@8")]
    [TestCase("-a ^b#", "a@-2 b@1 #@2")]
    [TestCase("", "")]
    public void Reads_a_space_as_a_frame(string marbles, string expected) =>
        Assert.That(MarbleReading.Of(marbles, MarbleRole.Hot, MarbleDialect.Swirly), Is.EqualTo(expected));

    [TestCase(MarbleRole.Subscription)]
    [TestCase(MarbleRole.Time)]
    [TestCase(MarbleRole.Bytes)]
    [TestCase(MarbleRole.Window)]
    public void Knows_streams_only(MarbleRole role) =>
        Assert.That(() => MarbleDiagram.Parse("-", role, MarbleDialect.Swirly), Throws.ArgumentException);
}
