using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class StrictMarblesTests
{
    [TestCase("", "", 0)]
    [TestCase(" \t\r\n\u00a0\u2028 ", "", 0)]
    [TestCase("---", "", 3)]
    [TestCase("-a-b-|", "a@1 b@3 |@5", 6)]
    [TestCase("  a - b\n  - # ", "a@0 b@2 #@4", 5)]
    [TestCase("--(abc)-|", "a@2 b@2 c@2 |@8", 9)]
    [TestCase("--( a b )-|", "a@2 b@2 |@7", 8)]
    [TestCase("('one''two')a", "'one'@0 'two'@0 a@4", 5)]
    [TestCase("--[abc]-|", "a@2 b@2 c@2 |@4", 5)]
    [TestCase("-[c|]", "c@1 |@1", 2)]
    [TestCase("-(c|)--", "c@1 |@1", 7)]
    [TestCase("a|-- 5s --", "a@0 |@1", 5006)]
    [TestCase("{ab}{cd}e", "1:a@0 1:b@0 2:c@1 2:d@1 e@2", 3)]
    public void Gives_every_token_its_frame(string marbles, string expected, double length) =>
        Assert.That((MarbleReading.Of(marbles), MarbleDiagram.Parse(marbles).Length.TotalMilliseconds), Is.EqualTo((expected, length)));

    [TestCase("a 10ms b", "a@0 b@11")]
    [TestCase("a 10ms", "a@0")]
    [TestCase("10ms|", "|@10")]
    [TestCase(" 10ms(ab)", "a@10 b@10")]
    [TestCase("0.5s a", "a@500")]
    [TestCase("1.5ms a", "a@1.5")]
    [TestCase("0.1us a", "a@0.0001")]
    [TestCase("10us\ta", "a@0.01")]
    [TestCase("2m a", "a@120000")]
    [TestCase("1h-a", "a@3600001")]
    [TestCase("0ms a", "a@0")]
    public void Lets_durations_pass(string marbles, string expected) => Assert.That(MarbleReading.Of(marbles), Is.EqualTo(expected));

    [TestCase("-[a 0.5ms b 100us c]d", "a@1 b@1.5 c@1.6 d@2")]
    [TestCase("[ 0.5ms a]b", "a@0.5 b@1")]
    [TestCase("[a{bc}{de} 0.1us |]-", "a@0 1:b@0 1:c@0 2:d@0 2:e@0 |@0.0001")]
    public void Tells_times_and_any_order_within_an_instant(string marbles, string expected) =>
        Assert.That(MarbleReading.Of(marbles), Is.EqualTo(expected));

    [TestCase("1 s", "1@0 s@1")]
    [TestCase("10-2", "1@0 0@1 2@3")]
    [TestCase("1.5", "1@0 .@1 5@2")]
    [TestCase("s1", "s@0 1@1")]
    [TestCase("10 m", "1@0 0@1 m@2")]
    [TestCase("10abc", "1@0 0@1 a@2 b@3 c@4")]
    public void Reads_numbers_without_a_unit_as_names(string marbles, string expected) =>
        Assert.That(MarbleReading.Of(marbles), Is.EqualTo(expected));

    [TestCase("👍-é-é|", "👍@0 é@2 é@4 |@5")]
    [TestCase("👨‍👩‍👧🇨🇿a", "👨‍👩‍👧@0 🇨🇿@1 a@2")]
    [TestCase("*+.,;:/\\\"", "*@0 +@1 .@2 ,@3 ;@4 :@5 /@6 \\@7 \"@8")]
    public void Names_are_characters_as_a_reader_sees_them(string marbles, string expected) =>
        Assert.That(MarbleReading.Of(marbles), Is.EqualTo(expected));

    [TestCase("-a-^-b-|", "a@-2 ^@0 b@2 |@4")]
    [TestCase("-a 10ms -^--b|", "a@-12 ^@0 b@3 |@4")]
    [TestCase("(ab)^c", "a@-4 b@-4 ^@0 c@1")]
    [TestCase("-a|-^", "a@-3 |@-2 ^@0")]
    [TestCase("[a 0.25ms ^ 0.5ms b]c", "a@-0.25 ^@0 b@0.5 c@0.75")]
    [TestCase("-[a^b]c", "a@0 ^@0 b@0 c@1")]
    public void Counts_from_the_caret_of_a_hot_source(string marbles, string expected) =>
        Assert.That(MarbleReading.Of(marbles, MarbleRole.Hot), Is.EqualTo(expected));

    [Test]
    public void Measures_a_hot_source_from_its_caret() =>
        Assert.That(MarbleDiagram.Parse("--^---", MarbleRole.Hot).Length, Is.EqualTo(TimeSpan.FromMilliseconds(4)));

    [TestCase(MarbleRole.Subscription, "--^--!-", "^@2 !@5")]
    [TestCase(MarbleRole.Subscription, "(^!)", "^@0 !@0")]
    [TestCase(MarbleRole.Subscription, "500ms ^ 1s !", "^@500 !@1501")]
    [TestCase(MarbleRole.Subscription, "-^-", "^@1")]
    [TestCase(MarbleRole.Subscription, "---", "")]
    [TestCase(MarbleRole.Time, "---|", "|@3")]
    [TestCase(MarbleRole.Time, "10ms |", "|@10")]
    [TestCase(MarbleRole.Bytes, "-'PING'<0d0a>a|", "'PING'@1 <0d0a>@2 a@3 |@4")]
    [TestCase(MarbleRole.Bytes, "-a!--", "a@1 !@2")]
    [TestCase(MarbleRole.Window, "^--!--^", "^@0 !@3 ^@6")]
    [TestCase(MarbleRole.Window, "--!-[^!]", "!@2 ^@4 !@4")]
    [TestCase(MarbleRole.Expected, "-{ab}[c|]", "1:a@1 1:b@1 c@2 |@2")]
    [TestCase(MarbleRole.Any, "-a^{b'c'}!", "a@-1 ^@0 1:b@1 1:'c'@1 !@2")]
    public void Reads_each_role(MarbleRole role, string marbles, string expected) =>
        Assert.That(MarbleReading.Of(marbles, role), Is.EqualTo(expected));

    [Test]
    public void Tells_where_each_event_stands() =>
        Assert.That(MarbleDiagram.Parse(" -👍 'x\\n' [b|]").Events.Select(e => e.Column), Is.EqualTo([2, 5, 12, 13]));
}
