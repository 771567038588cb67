using System.Xml.Linq;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>What is attached to the result of any test that fails.</summary>
public class MarbleAttachmentTests
{
    [Test]
    public void A_difference_is_drawn_as_one_of_a_file_is()
    {
        var svg = Picture(t => t.ExpectObservable(t.Hot("-abc|").Named("in")).ToBe("-abd|"));
        Assert.That((Count(svg, "ring"), Count(svg, "missing"), Texts(svg).Contains("in"), Texts(svg).Contains("actual")), Is.EqualTo((1, 1, true, true)));
    }

    [Test]
    public void Values_are_drawn_as_what_they_are() =>
        Assert.That(Texts(Picture(t => t.ExpectObservable(t.Hot("-a|").Select(static x => x + "pple")).ToBe("-b|", ("b", "pear")))), Is.SupersetOf(new[] { "apple", "pear" }));

    [Test]
    public void Subscriptions_are_drawn_as_spans()
    {
        var svg = Picture(t =>
        {
            var source = t.Cold("-a-b|");
            t.ExpectObservable(source).ToBe("-a-b|");
            t.ExpectSubscriptions(source).ToBe("^--!");
        });
        Assert.That((Texts(svg).Contains("expected"), Texts(svg).Contains("actual"), Count(svg, "span")), Is.EqualTo((true, true, 2)));
    }

    [Test]
    public void Several_differences_are_one_picture() => Assert.That(Texts(Picture(t =>
    {
        t.ExpectObservable(t.Hot("-a|"), name: "one").ToBe("-b|");
        t.ExpectObservable(t.Hot("-a|"), name: "two").ToBe("-b|");
    })).Count(static text => text.StartsWith("Marbles differ:", StringComparison.Ordinal)), Is.EqualTo(2));

    [Test]
    public void Of_thousands_of_values_those_around_the_first_difference_are_drawn()
    {
        var svg = Picture(t => t.ExpectObservable(Observable.Interval(t.Time("-|"), t.Scheduler).Take(5000)).ToBe(
            Observable.Interval(t.Time("-|"), t.Scheduler).Select(static number => number == 3000 ? 0 : number).Take(5000)));
        Assert.That((Texts(svg).Contains("3000"), Texts(svg).Contains("2990"), Texts(svg).Contains("100"), Count(svg, "ring")), Is.EqualTo((true, true, false, 1)));
    }

    [Test]
    public void A_test_that_expects_nothing_has_its_text() =>
        Assert.That(MarbleAttachment.Of(Failure(static _ => { })).Select(static file => file.Extension), Is.EqualTo(new[] { ".txt" }));

    [Test]
    public void A_simulation_is_drawn_and_told_whole()
    {
        var failure = Assert.Throws<SimulationFailedException>(static () => Simulation.Run(100, HollaScenario.Forgetful))!;
        var files = MarbleAttachment.Of(new AggregateException(failure));
        Assert.That(files.Select(static file => file.Extension), Is.EqualTo(new[] { ".svg", ".txt" }));
        Assert.That(Texts(XDocument.Parse(files[0].Content).Root!), Does.Contain("client→server lost"));
        Assert.That(files[1].Content, Does.StartWith(failure.Message).And.Contain("client→server datagrams"));
    }

    [Test]
    public void Other_failures_have_nothing() => Assert.That(MarbleAttachment.Of(new FormatException("x")), Is.Empty);

    [Test]
    public void A_file_has_a_name_that_every_system_bears()
    {
        var folder = Directory.CreateTempSubdirectory("attachments").FullName;
        var path = new MarbleAttachment(".txt", "text/plain", "", "here").Save(Path.Combine(folder, "deep"), "1 A test(\"../x\")" + new string('y', 300));
        Assert.That((Path.GetFileName(path)[..20], Path.GetFileName(path).Length, File.ReadAllText(path)), Is.EqualTo(("1-A-test-----x--yyyy", 104, "here")));
        Directory.Delete(folder, recursive: true);
    }

    private static MarblesDifferException Failure(Action<MarbleTest> body) => Assert.Throws<MarblesDifferException>(() => MarbleTest.Run(body))!;

    private static XElement Picture(Action<MarbleTest> body) => XDocument.Parse(MarbleAttachment.Of(Failure(body))[0].Content).Root!;

    private static List<string> Texts(XElement svg) => [.. svg.Descendants().Where(static e => e.Name.LocalName == "text").Select(static e => e.Value)];

    private static int Count(XElement svg, string kind) => svg.Descendants().Count(e => $"{e.Attribute("class")?.Value}".Split(' ').Contains(kind) && e.Name.LocalName != "text");
}
