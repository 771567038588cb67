using System.Globalization;
using System.Xml.Linq;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class MarblePictureTests
{
    private static readonly string Golden = Repository.PathOf("Diesel.Reactive.Testing.Tests", "Pictures", "throttle.svg");
    private static readonly MarbleFile Throttle = MarbleFile.Load(Repository.PathOf("Diesel.Reactive.Testing.Tests", "Cases", "throttle.marble"));

    // MARBLES_UPDATE=1 writes the picture: look at it before it is committed.
    [Test]
    public void A_small_file_looks_as_somebody_saw_it()
    {
        var picture = MarblePicture.Draw(Throttle);
        if (Environment.GetEnvironmentVariable("MARBLES_UPDATE") == "1")
        {
            File.WriteAllText(Golden, picture);
        }

        Assert.That(picture, Is.EqualTo(File.ReadAllText(Golden)));
    }

    [Test]
    public void Every_machine_draws_the_same()
    {
        var (here, there) = (CultureInfo.CurrentCulture, (CultureInfo)CultureInfo.InvariantCulture.Clone());
        (there.NumberFormat.NumberDecimalSeparator, there.NumberFormat.NegativeSign) = (",", "~");
        CultureInfo.CurrentCulture = there;
        var drawn = MarblePicture.Draw(Throttle);
        CultureInfo.CurrentCulture = here;
        Assert.That(drawn, Is.EqualTo(MarblePicture.Draw(Throttle)).And.EqualTo(MarblePicture.Draw(MarbleFile.Parse(Throttle.Format(), Throttle.Path))));
    }

    [Test]
    public void A_failure_has_outlines_of_what_is_missing_and_rings_around_what_was_not_expected()
    {
        var failure = Assert.Throws<MarbleCaseFailedException>(() =>
            MarbleFile.Parse("= A\nhot in : -abc|\nexpect out : -abd|\n", "x").Cases[0].Run(m => m.Strings("in")))!;
        var marks = XDocument.Parse(failure.Draw()).Descendants()
            .Select(element => (Class: $"{element.Attribute("class")?.Value}", element.Value)).ToList();
        Assert.That((marks.Count(mark => mark.Class.Contains("ring")), marks.Count(mark => mark.Class.Contains("missing")), marks.Single(mark => mark.Class.EndsWith(" was")).Value),
            Is.EqualTo((1, 1, "d")));
    }

    // Their names are words: not every runner bears a test whose name is hostile.
    private static readonly TestCaseData[] Hostile =
    [
        new TestCaseData("<script>alert(1)</script>").SetArgDisplayNames("markup"),
        new TestCaseData("&amp; \" ' ]]> -->").SetArgDisplayNames("entities"),
        new TestCaseData("x\u0001\u0007\u001b[31m").SetArgDisplayNames("control characters"),
        new TestCaseData("\ud800 alone, \udc00 \ufffe \uffff").SetArgDisplayNames("what is no character"),
        new TestCaseData("\u202eright to left\u2066").SetArgDisplayNames("directions"),
        new TestCaseData("日本語 👩‍👩‍👧 e\u0301").SetArgDisplayNames("wide and joined"),
    ];

    [TestCaseSource(nameof(Hostile))]
    public void Hostile_texts_stay_texts(string text)
    {
        var svg = XDocument.Parse(MarblePicture.Draw(MarbleFile.Parse($"= {text}\nhot a : -b|\nnote : {text}\n> {text}\nb := x{text}\n", "x")));
        Assert.That(svg.Descendants().Select(e => e.Name.LocalName).Distinct(), Is.SubsetOf(new[] { "svg", "title", "desc", "style", "text", "rect", "path" }));
    }

    [FsCheck.NUnit.Property]
    public void Any_text_gives_a_picture(string text)
    {
        var line = (text ?? "").ReplaceLineEndings(" ").Replace('\n', ' ').Trim();
        Assert.That(() => XDocument.Parse(MarblePicture.Draw(MarbleFile.Parse($"= x{line}\nhot a : -b|\nnote : {line}\nb := x{line}\n", "x"))), Throws.Nothing);
    }

    [Test]
    public void It_tells_what_it_shows()
    {
        var svg = XDocument.Parse(MarblePicture.Draw(Throttle.Cases[0])).Root!;
        Assert.That(svg.Attribute("role")!.Value, Is.EqualTo("img"));
        Assert.That(Texts(svg, "title"), Is.EqualTo(new[] { Throttle.Cases[0].Title }));
        Assert.That(Texts(svg, "desc"), Is.EqualTo(new[] { Throttle.Cases[0].Text }));
    }

    [Test]
    public void Labels_keep_their_distance_from_the_streams() =>
        Assert.That(Draw("hot a_very_long_label_of_a_row_for_tests : a").Descendants().First(e => e.Name.LocalName == "path" && e.Attribute("class")!.Value == "axis")
            .Attribute("d")!.Value, Does.Match(@"^M[2-9]\d\d"));

    [Test]
    public void Equal_values_have_equal_colours_everywhere() =>
        Assert.That(Draw("hot one : -a-b-a\nhot two : a").Descendants().Attributes("style").Select(a => a.Value).Distinct().Count(), Is.EqualTo(2));

    [Test]
    public void Values_at_one_instant_stand_below_each_other() =>
        Assert.That(Draw("hot one : -[abc]").Descendants().Where(e => e.Name.LocalName == "rect").Select(e => ((string?)e.Attribute("x"), (string?)e.Attribute("y"))).Distinct().Count(), Is.EqualTo(3));

    [Test]
    public void A_long_gap_is_cut_out_and_told() =>
        Assert.That(Texts(Draw("hot one : a 1h b"), "text"), Does.Contain("3600001 ms"));

    [Test]
    public void Bytes_tell_what_and_how_many_they_are() =>
        Assert.That(Texts(Draw(@"rx in : -'A\r\n'-<00*4096>-<fffe>-<63c3>"), "text"), Is.SupersetOf(new[] { @"A\r\n", "3 B", "00 × 4096", "4096 B", "fffe", "2 B", @"c\xc3" }));

    [Test]
    public void Nothing_can_be_seen_too() =>
        Assert.That(Texts(Draw("frames x : -<>-|\nhot a : -''"), "text"), Is.SupersetOf(new[] { "0 B", "''" }));

    [Test]
    public void What_an_error_says_moves_no_other_row()
    {
        var (quiet, loud) = (Draw("hot a : -bcd-|\nexpect x : -#"), Draw("hot a : -bcd-|\nexpect x : -#\n# := A long story"));
        Assert.That(quiet.Descendants().Attributes("x").Select(x => x.Value), Is.EqualTo(loud.Descendants().Attributes("x").Select(x => x.Value)));
    }

    [Test]
    public void A_ruler_is_drawn_where_it_is_asked_for() =>
        Assert.That(Texts(Draw("hot one : a--b\n[styles]\nruler = true"), "text"), Is.SupersetOf(new[] { "ms", "0", "3" }));

    [Test]
    public void Colours_of_the_file_win() =>
        Assert.That(Draw("hot one : a\n[styles.a]\nfill_color = #8fd").ToString(), Does.Contain("fill:#8fd"));

    [Test]
    public void A_subscription_that_is_left_open_ends_with_its_row()
    {
        var svg = Draw("expect a : -b-|\nsubs a : ^----------");
        Assert.That(End("span"), Is.EqualTo(End("done")));

        string End(string kind) => ((string)svg.Descendants().Single(e => (string?)e.Attribute("class") == kind).Attribute("d")!).Split('L', ' ')[2];
    }

    [Test]
    public void A_case_of_remarks_is_drawn() => Assert.That(Texts(Draw("note : x\ntime t : --|\n[styles]\nruler = true"), "text"), Does.Contain("x"));

    private static XElement Draw(string rows) => XDocument.Parse(MarblePicture.Draw(MarbleFile.Parse("= A\n" + rows, "x").Cases[0])).Root!;

    private static IEnumerable<string> Texts(XElement svg, string element) => svg.Descendants().Where(e => e.Name.LocalName == element).Select(e => e.Value);
}
