using System.Globalization;
using System.Xml.Linq;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Where things stand in a picture.</summary>
public class PictureLayoutTests
{
    private const string Long = "A title that is so long that nobody would want to have it on one line, since the picture itself is a narrow one and would be as wide as it, with much left empty";

    [Test]
    public void A_long_title_is_wrapped_and_not_cut()
    {
        var svg = Draw($"= {Long}\nhot a : -b|");
        var lines = svg.Descendants().Where(static e => (string?)e.Attribute("class") == "title").ToList();
        Assert.That(string.Join(' ', lines.Select(static line => line.Value)), Is.EqualTo(Long));
        Assert.That((lines.Count, Number(svg, "width")), Is.GreaterThan((2, 0.0)).Using<(int, double)>(static (one, other) => one.Item1.CompareTo(other.Item1)));
        Assert.That(Number(svg, "width"), Is.LessThan(520));
    }

    [Test]
    public void A_box_is_as_wide_as_its_own_case()
    {
        var svg = Draw("= A\nhot a : -b|\n> f\n\n= B\nhot a : ----------b----------c--------|\n> f");
        var boxes = svg.Descendants().Where(static e => (string?)e.Attribute("class") == "operator").Select(static e => Number(e, "width")).ToList();
        Assert.That(boxes[1] - boxes[0], Is.GreaterThan(150));
    }

    [TestCase("[b|]", "done")]
    [TestCase("[b#]", "fail")]
    [TestCase("['a long text'|]", "done")]
    public void An_end_stands_beside_the_marble_of_its_instant(string marbles, string end)
    {
        var svg = Draw($"= A\nhot a : -{marbles}");
        var marble = svg.Descendants().Single(static e => $"{e.Attribute("class")}".Contains("marble", StringComparison.Ordinal) && e.Name.LocalName == "rect");
        var path = ((string)svg.Descendants().Single(e => (string?)e.Attribute("class") == end).Attribute("d")!).TrimStart('M').Split(' ');
        Assert.That(double.Parse(path[0], CultureInfo.InvariantCulture), Is.GreaterThan(Number(marble, "x") + Number(marble, "width")));
    }

    [Test]
    public void What_ends_beside_another_end_is_seen()
    {
        var failure = Assert.Throws<MarbleCaseFailedException>(static () => MarbleFile.Parse("= A\nhot in : -a#\nexpect out : -a|", "x").Cases[0].Run(static m => m.Strings("in")))!;
        var svg = XDocument.Parse(failure.Draw()).Root!;
        var done = svg.Descendants().Where(static e => (string?)e.Attribute("class") is "done missing").Select(static e => X(e)).Single();
        var failed = svg.Descendants().Where(static e => (string?)e.Attribute("class") is "fail").Select(static e => X(e)).Last();
        Assert.That(Math.Abs(done - failed), Is.GreaterThan(8));
    }

    [Test]
    public void A_stream_that_is_a_value_is_drawn_from_the_instant_it_is_told()
    {
        var svg = Draw("= Groups\nhot keys : -a-b-a-|\n> GroupBy(key)\nexpect groups : -x-y---|\ncold x : a---a-|\ncold y : b---|");
        var marbles = svg.Descendants().Where(static e => e.Name.LocalName == "rect" && $"{e.Attribute("class")}".Contains("marble", StringComparison.Ordinal))
            .GroupBy(static e => Number(e, "y")).Select(static row => row.Select(static e => Number(e, "x")).ToList()).ToList();
        Assert.That(marbles, Has.Count.EqualTo(4), "keys, groups, x and y");
        Assert.That(marbles[2], Is.EqualTo(new[] { marbles[0][0], marbles[0][2] }), "x tells when keys does");
        Assert.That(marbles[3], Is.EqualTo(new[] { marbles[0][1] }));
        Assert.That(svg.Descendants().Count(static e => (string?)e.Attribute("class") == "inner"), Is.EqualTo(2));
    }

    [Test]
    public void Streams_that_name_each_other_are_no_values_of_each_other() =>
        Assert.That(Draw("= A\ncold a : -b|\ncold b : -a|").Descendants().Count(static e => (string?)e.Attribute("class") == "axis"), Is.EqualTo(2));

    private static double X(XElement path) => double.Parse(((string)path.Attribute("d")!).TrimStart('M').Split(' ')[0], CultureInfo.InvariantCulture);

    private static double Number(XElement element, string name) => double.Parse((string)element.Attribute(name)!, CultureInfo.InvariantCulture);

    private static XElement Draw(string text) => XDocument.Parse(MarblePicture.Draw(MarbleFile.Parse(text, "x"))).Root!;
}
