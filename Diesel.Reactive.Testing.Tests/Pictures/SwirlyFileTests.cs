using System.Xml.Linq;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Files of swirly are drawn.</summary>
public class SwirlyFileTests
{
    private const string ConcatAll = """
        % Two streams after each other.
        x = ----a------b------|

        y = ---c-d---|

        [styles.a]
        fill_color = #8fd
        event_radius = 12

        -x---y----------|
        title = outer
        ghosts = y

        > concatAll

        -----a------b---------(c|)
        c := see
        """;

    [Test]
    public void Streams_operators_titles_ghosts_and_values_are_read()
    {
        var read = SwirlyFile.Parse(ConcatAll, "concat-all.txt");
        Assert.That(read.Title, Is.EqualTo("concat-all"));
        Assert.That(read.Rows.Select(static row => (row.Name, row.Role)), Is.EqualTo(new[]
        {
            ("x", MarbleRowRole.Cold), ("y", MarbleRowRole.Cold), ("outer", MarbleRowRole.Hot), ("", MarbleRowRole.Expect),
        }));
        Assert.That((read.Operators.Single().Text, read.Definitions.Single().Name, read.Rows[2].Ghosts.Single(), read.Styles.Single().Value), Is.EqualTo(("concatAll", "c", "y", "#8fd")));
    }

    [Test]
    public void They_are_drawn_with_the_streams_that_are_values()
    {
        var svg = XDocument.Parse(MarblePicture.Draw(SwirlyFile.Parse(ConcatAll.ReplaceLineEndings("\r\n"), "concat-all.txt"))).Root!;
        Assert.That((svg.Descendants().Count(static e => (string?)e.Attribute("class") == "inner"), svg.Descendants().Any(static e => e.Value == "see")), Is.EqualTo((2, true)));
    }

    [Test]
    public void A_wrong_one_is_told_with_its_place() =>
        Assert.That(() => SwirlyFile.Parse("-a|\n\n-!", "x.txt"), Throws.TypeOf<MarbleFileException>().With.Message.StartsWith("x.txt:3:2: "));

    [Test]
    public void One_without_streams_is_wrong() => Assert.That(() => SwirlyFile.Parse("> map", "x.txt"), Throws.TypeOf<MarbleFileException>());
}
