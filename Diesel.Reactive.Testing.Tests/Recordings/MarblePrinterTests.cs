using System.Reactive;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class MarblePrinterTests
{
    [TestCase("--a-b|", "--a-b|")]
    [TestCase("(ab)|", "[ab]---|")]
    [TestCase("a 12ms b", "a------------b")]
    [TestCase("a 13ms b", "a 13ms b")]
    [TestCase("503ms a", "503ms a")]
    [TestCase("2.5ms a", "--[ 500us a]")]
    [TestCase("[a 200us b]c", "[a 200us b]c")]
    [TestCase("0.2ms a b", "[ 200us a][ 200us b]")]
    [TestCase("a--^-b", "a--^-b")]
    [TestCase("a--[^b]", "a--[^b]")]
    [TestCase("a|-^", "a|-^")]
    [TestCase("1h #", "1h #")]
    [TestCase("", "-")]
    [TestCase("'GET /\\r\\n'-'it\\'s'-'a'", "'GET /\\r\\n'-'it\\'s'-a")]
    [TestCase("5 m s-|", "5 m s-|")]
    [TestCase("'\\u200b'-'e\\u0301'-'\\u0301'", "'\\u200b'-e\u0301-'\\u0301'")]
    public void Prints_texts(string marbles, string printed) => Assert.That(
        MarblePrinter.Print(Compared.Told<string>(marbles)).Marbles, Is.EqualTo(printed));

    [TestCase("a-'GET /'-<0d0a>-<00>-<0102>-<00*4096>-''", "a-'GET /'-'\\r\\n'-<00>-<0102>-<00*4096>-''")]
    public void Prints_bytes(string marbles, string printed) => Assert.That(MarblePrinter.Print(Compared.Told<byte[]>(marbles)).Marbles, Is.EqualTo(printed));

    [Test]
    public void Gives_letters_to_values_that_have_no_spelling()
    {
        var printed = MarblePrinter.Print(Compared.Told("x-y-x|", ("x", DayOfWeek.Monday), ("y", DayOfWeek.Friday)));
        Assert.That((printed.Marbles, printed.Values), Is.EqualTo(("a-b-a|", new[] { ("a", DayOfWeek.Monday), ("b", DayOfWeek.Friday) })));
    }

    [Test]
    public void Prefers_the_names_of_a_test() => Assert.That(
        MarblePrinter.Print(Compared.Told<string>("a-b|"), new MarbleValues<string>([("x", "a")])).Marbles, Is.EqualTo("x-'b'|"));

    [Test]
    public void Has_names_for_any_number_of_values()
    {
        var told = new Recording<int>([.. Enumerable.Range(0, 5000).Select(i => new RecordedNotification<int>(TimeSpan.FromMilliseconds(i), Notification.CreateOnNext(i)))]);
        var printed = MarblePrinter.Print(told);
        Assert.That(new MarbleValues<int>([.. printed.Values]).Resolve(MarbleDiagram.Parse(printed.Marbles)).Equals(told), Is.True);
    }

    [Test]
    public void Tells_the_error() => Assert.That(MarblePrinter.Print(Compared.Told<string>("#", new TimeoutException())).Error, Is.InstanceOf<TimeoutException>());

    [Test]
    public void Is_what_a_recording_says_of_itself() => Assert.That($"{Compared.Told<string>("-a-b|")}", Is.EqualTo("-a-b|"));

    [Test]
    public void Needs_a_recording() => Assert.That(() => MarblePrinter.Print<string>(null!), Throws.ArgumentNullException);

    [TestCase(@"'\xc3\x83bcdefgh\xc3\x83i'")]
    [TestCase(@"'\xc3\xa9'")]
    [TestCase("'Ã\u00a9'")]
    [TestCase(@"'Ãb\xc3'")]
    public void Bytes_in_a_text_stay_bytes(string marbles)
    {
        var told = MarbleDiagram.Parse(marbles);
        Assert.That(MarbleDiagram.Parse(MarbleTable.Draw(new MarbleRow("", told))).Events[0].Spelling, Is.EqualTo(told.Events[0].Spelling));
    }

    [TestCase("\u0d4e\u00a0")]
    [TestCase("\u0d4e\u3000")]
    public void A_space_that_belongs_to_a_letter_is_not_lost(string value) => Assert.That(
        MarbleDiagram.Parse(MarblePrinter.Print(new Recording<string>([new(TimeSpan.Zero, Notification.CreateOnNext(value))])).Marbles).Events[0].Spelling!.Text, Is.EqualTo(value));

    [Test]
    public void Loses_nothing_that_is_out_of_order() => Assert.That(() => MarblePrinter.Print(new Recording<string>(
        [new(TimeSpan.FromMilliseconds(5), Notification.CreateOnNext("a")), new(TimeSpan.Zero, Notification.CreateOnNext("b"))])),
        Throws.ArgumentException.With.Message.Contains("in order of time"));
}
