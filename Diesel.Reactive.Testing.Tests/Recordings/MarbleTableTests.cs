using Diesel.Reactive.Testing;
using FsCheck.NUnit;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace Diesel.Reactive.Tests;

[Properties(Arbitrary = [typeof(Recordings)], MaxTest = 500, QuietOnSuccess = true)]
public class MarbleTableTests
{
    [Test]
    public void Shortens_a_gap_alike_in_all_rows() => Assert.That(Draw("--a-b 506ms c--|", "-------b 506ms [c|]"), Is.EqualTo("""
        1  --a-b--- 503ms c--|
        2  -------b 503ms ---[c|]
        """));

    [Test]
    public void Pads_what_is_wider_in_another_row() => Assert.That(Draw("a[bcd]e", "a-'long'|"), Is.EqualTo("""
        1  a[bcd]e
        2  a-    'long'|
        """));

    [Test]
    public void Gives_a_frame_to_what_happens_between_two() => Assert.That(Draw("a 1.2ms b 0.8ms c", "a--b"), Is.EqualTo("""
        1  a-[ 200us b]-c
        2  a--         b
        """));

    [Test]
    public void Begins_at_the_earliest_time() => Assert.That(Draw("a--^--b", "--b"), Is.EqualTo("""
        1  a--^--b
        2     --b
        """));

    [Test]
    public void Counts_the_columns_of_wide_characters() => Assert.That(Draw("漢-a", "a-b"), Is.EqualTo("""
        1  漢-a
        2  a -b
        """));

    [Test]
    public void Keeps_what_may_come_in_any_order() => Assert.That(Draw("-[a{bc}|]", "-{ab}c"), Is.EqualTo("""
        1  -[a{bc}|]
        2  -{ab}    c
        """));

    [Property]
    public void Every_row_is_read_as_it_was_drawn(Recording<string?>[] told)
    {
        var rows = told.Select((one, i) => new MarbleRow("", MarbleDiagram.Parse(MarblePrinter.Print(one).Marbles))).ToList();
        var lines = MarbleTable.Draw(rows).Split(Environment.NewLine);
        Assert.That(rows.Zip(lines, (row, line) => Events(row.Diagram).SequenceEqual(Events(MarbleDiagram.Parse(line)))), Is.All.True);
    }

    [Property]
    public void What_happens_at_one_time_stands_in_one_column(Recording<string?>[] told)
    {
        var diagrams = told.Select(one => MarbleDiagram.Parse(MarblePrinter.Print(one).Marbles)).ToList();
        if (diagrams.Count == 0) return;
        var layout = new MarbleLayout(diagrams);
        var columns = diagrams.SelectMany((diagram, row) => diagram.Events.Select((happening, i) => (Frame(happening), Column: ColumnOfCell(layout, row, i))));
        Assert.That(columns.GroupBy(place => place.Item1, place => place.Column).Select(group => group.Distinct().Count()), Is.All.EqualTo(1));
    }

    private static long Frame(MarbleEvent happening) => (long)Math.Floor(happening.Time.Ticks / 10_000m);

    // Where the frame's cell begins, of which the event is a part.
    private static int ColumnOfCell(MarbleLayout layout, int row, int index) =>
        layout.Marks.Last(mark => mark.Column <= layout.ColumnOf(row, index)).Column;

    private static IEnumerable<MarbleEvent> Events(MarbleDiagram diagram) => diagram.Events.Select(happening => happening with { Column = -1 });

    private static string Draw(params string[] rows) =>
        MarbleTable.Draw([.. rows.Select((row, i) => new MarbleRow($"{i + 1}", MarbleDiagram.Parse(row)))]);

    [Test]
    public void A_recording_is_a_row() => MarbleTest.Run(t =>
    {
        var told = t.Record(t.Hot("-a-b|", ("a", 10), ("b", 20)));
        t.Flush();
        Assert.That(MarbleTable.Draw(MarbleRow.Of("told", told), MarbleRow.Of("text", told)), Is.EqualTo("told  -a-b|\ntext  -a-b|".ReplaceLineEndings()));
    });
}
