using System.Reactive;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class MarbleValuesTests
{
    [Test]
    public void Gives_names_their_values() =>
        Assert.That(Told(Values(("a", 10), ("👍", 20)), "a-👍|"), Is.EqualTo([Next(10), Next(20), Notification.CreateOnCompleted<int>()]));

    [Test]
    public void Keeps_the_times() => Assert.That(
        new MarbleValues<string>([]).Resolve(MarbleDiagram.Parse("-a^[b|]")).Select(told => told.Time.TotalMilliseconds), Is.EqualTo([-1, 1, 1]));

    [Test]
    public void Leaves_subscriptions_out() => Assert.That(Told(Values(), "^1!"), Is.EqualTo([Next(1)]));

    [Test]
    public void Names_and_texts_are_strings_by_themselves() =>
        Assert.That(Told(new MarbleValues<string>([]), @"a'\xffb'''"), Is.EqualTo([Next("a"), Next("\u00ffb"), Next("")]));

    [Test]
    public void Everything_is_bytes_by_itself()
    {
        var told = Told(new MarbleValues<ReadOnlyMemory<byte>>([]), @"a'\xffé'<0d0a>");
        Assert.That(told.Select(n => Convert.ToHexStringLower(n.Value.Span)), Is.EqualTo(["61", "ffc3a9", "0d0a"]));
    }

    [Test]
    public void Everything_is_an_array_of_bytes_by_itself() =>
        Assert.That(Told(new MarbleValues<byte[]>([]), "a<0d>").Select(n => n.Value[0]), Is.EqualTo([0x61, 0x0d]));

    [Test]
    public void Names_are_characters_by_themselves() =>
        Assert.That(Told(new MarbleValues<char>([]), @"a'\n'"), Is.EqualTo([Next('a'), Next('\n')]));

    [Test]
    public void Digits_are_numbers_by_themselves() => Assert.That(
        (Told(Values(), "7").Single(), Told(new MarbleValues<double>([]), "7").Single(), Told(new MarbleValues<byte>([]), "7").Single()),
        Is.EqualTo((Next(7), Next(7.0), Next((byte)7))));

    [Test]
    public void Texts_and_bytes_mean_themselves_beside_names() =>
        Assert.That(Told(new MarbleValues<string>([("a", "alpha")]), "a'a'"), Is.EqualTo([Next("alpha"), Next("a")]));

    [Test]
    public void Takes_the_error_that_was_given()
    {
        var error = new TimeoutException();
        Assert.That(Told(new MarbleValues<int>([], error), "#").Single().Exception, Is.SameAs(error));
    }

    [Test]
    public void Errors_that_nobody_gave_are_equal() => Assert.That(
        new MarbleValues<int>([]).Resolve(MarbleDiagram.Parse("-#")), Is.EqualTo(new MarbleValues<int>([]).Resolve(MarbleDiagram.Parse("-#"))));

    [TestCase("-b", 1, "'b' has no value; known are x, y: pass (\"b\", …), or write one of these.")]
    [TestCase("- 5", 2, "'5' has no value; known are x, y: pass (\"5\", …), or write one of these.")]
    [TestCase("x'5'", -1, null)]
    [TestCase("'ab'", 0, "'ab' is no Int32: give the value a name, and write the name here.")]
    [TestCase("<05>", 0, "<05> is no Int32: give the value a name, and write the name here.")]
    public void Refuses_names_it_does_not_know(string marbles, int column, string? problem)
    {
        if (problem is null) Assert.That(Told(Values(("x", 1), ("y", 2)), marbles), Is.EqualTo([Next(1), Next(5)]));
        else Refuses(Values(("x", 1), ("y", 2)), marbles, column, problem);
    }

    [Test]
    public void Says_which_value_to_pass_when_none_was() => Refuses(Values(), "--a", 2, "'a' means no Int32 by itself: pass its value, (\"a\", …).");

    [Test]
    public void Says_which_value_to_pass_for_bytes_as_a_string() =>
        Refuses(new MarbleValues<string>([]), "<0d>", 0, "<0d> is no String: give the value a name, and write the name here.");

    [TestCase("")]
    [TestCase("ab")]
    [TestCase("-")]
    [TestCase(" ")]
    [TestCase("|")]
    public void Refuses_names_no_diagram_can_write(string name) => Assert.That(() => Values((name, 1)),
        Throws.ArgumentException.With.Message.StartsWith($"'{name}' can be no name: write one character that is no sign of a diagram."));

    [Test]
    public void Refuses_a_name_that_is_there_twice() =>
        Assert.That(() => Values(("a", 1), ("a", 1)), Throws.ArgumentException.With.Message.StartsWith("The name 'a' is there twice: remove one."));

    [Test]
    public void Finds_the_name_of_bytes_by_their_content()
    {
        var values = new MarbleValues<byte[]>([("a", [1, 2]), ("b", [3])]);
        Assert.That((values.NameOf([3]), values.NameOf([4])), Is.EqualTo(("b", (string?)null)));
    }

    static MarbleValues<int> Values(params ReadOnlySpan<(string, int)> values) => new(values);

    static Notification<T> Next<T>(T value) => Notification.CreateOnNext(value);

    static IEnumerable<Notification<T>> Told<T>(MarbleValues<T> values, string marbles) =>
        values.Resolve(MarbleDiagram.Parse(marbles)).Select(told => told.Notification);

    static void Refuses<T>(MarbleValues<T> values, string marbles, int column, string problem)
    {
        var error = Assert.Throws<MarbleSyntaxException>(() => values.Resolve(MarbleDiagram.Parse(marbles)))!;
        Assert.That((error.Column, error.Problem), Is.EqualTo((column, problem)));
    }
}
