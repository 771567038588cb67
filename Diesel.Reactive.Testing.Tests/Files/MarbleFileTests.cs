using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class MarbleFileTests
{
    private const string Throttle = """
        % what is said here is for readers
        [styles]
        ruler = true

        = Throttle
        hot    keys   : --a-b------c--|
        subs   keys   : ^-------------!
        > Throttle(3ms)
        expect result : -------b------[c|]
        ghosts = b, c
        a := h
        b := he
        c := ' hel\n'

        = Bytes
        rx   : -'PI'-<4e47>-|
        time : ---|
        note : what it says
        """;

    private readonly MarbleFile _file = MarbleFile.Parse(Throttle, "throttle.marble");

    [Test]
    public void A_title_begins_a_case() =>
        Assert.That(_file.Cases.Select(c => (c.Title, c.Line)), Is.EqualTo(new[] { ("Throttle", 5), ("Bytes", 15) }));

    [Test]
    public void A_row_has_a_role_a_name_and_marbles() =>
        Assert.That(_file.Cases[0].Rows.Select(row => (row.Role, row.Name, row.Marbles, row.Line)), Is.EqualTo(new[]
        {
            (MarbleRowRole.Hot, "keys", "--a-b------c--|", 6), (MarbleRowRole.Subs, "keys", "^-------------!", 7),
            (MarbleRowRole.Expect, "result", "-------b------[c|]", 9),
        }));

    [Test]
    public void A_row_without_a_name_is_named_by_its_role() =>
        Assert.That(_file.Cases[1].Rows.Select(row => row.Name), Is.EqualTo(new[] { "rx", "time", "note" }));

    [Test]
    public void A_row_is_a_diagram() =>
        Assert.That(_file.Cases[1].Rows[0].Diagram.Events.Select(e => (e.Time.TotalMilliseconds, e.Kind)), Is.EqualTo(new[]
        {
            (1.0, MarbleKind.Value), (3.0, MarbleKind.Value), (5.0, MarbleKind.Completed),
        }));

    [Test]
    public void An_operator_stands_between_rows() => Assert.That(_file.Cases[0].Operators, Is.EqualTo(new[] { new MarbleOperator("Throttle(3ms)", 8) }));

    [Test]
    public void A_definition_is_a_text_or_written_as_a_value() =>
        Assert.That(_file.Cases[0].Definitions.Select(d => (d.Name, d.Value.Text)), Is.EqualTo(new[] { ("a", "h"), ("b", "he"), ("c", " hel\n") }));

    [Test]
    public void Ghosts_are_of_the_row_above() => Assert.That(_file.Cases[0].Rows[2].Ghosts, Is.EqualTo(new[] { "b", "c" }));

    [Test]
    public void Styles_before_the_first_title_are_for_all() =>
        Assert.That(_file.Cases.Select(c => c.Styles.Single().Key), Is.EqualTo(new[] { "ruler", "ruler" }));

    [Test]
    public void A_case_knows_its_text() => Assert.That(_file.Cases[1].Text, Is.EqualTo("= Bytes\nrx   : -'PI'-<4e47>-|\ntime : ---|\nnote : what it says"));

    [Test]
    public void Lines_may_end_with_a_return() =>
        Assert.That(MarbleFile.Parse(Throttle.ReplaceLineEndings("\r\n"), "x").Format(), Is.EqualTo(_file.Format()));

    [TestCase("", "x.marble:1:1: There is no case: begin one with '= title'.")]
    [TestCase("hot a : --|", "x.marble:1:1: This line belongs to no case: begin one with '= title' above it.")]
    [TestCase("= ", "x.marble:1:1: The case has no title: write one behind the '='.")]
    [TestCase("= A\nhot a : -\n=  A", "x.marble:3:4: The case on line 1 has this title: give this one another.")]
    [TestCase("= A", "x.marble:1:1: The case 'A' has no rows: write 'hot name : --a-|' below its title.")]
    [TestCase("= A\n  hott a : -", "x.marble:2:3: 'hott' is no role. A row begins with one of hot, cold, expect, subs, time, rx, tx, frames, window, note, its name and a colon.")]
    [TestCase("= A\nhot a --a--", "x.marble:2:12: There is no colon: a row is written 'role name : marbles'.")]
    [TestCase("= A\nhot a", "x.marble:2:6: There is no colon: a row is written 'role name : marbles'.")]
    [TestCase("= A\nhot a b : -", "x.marble:2:5: A row's name is one word, and 'a b' is more: join them.")]
    [TestCase("= A\nhot a : -\ncold a : -", "x.marble:3:1: The row on line 2 is named 'a' too: give this one another name.")]
    [TestCase("= A\nhot a : -\nsubs b : ^", "x.marble:3:1: There is no row 'b' that could be subscribed: name a hot, cold, rx or expect row.")]
    [TestCase("= A\nhot a : -\nb := 1", "x.marble:3:1: 'b' stands in no row of this case: remove the definition, or use it.")]
    [TestCase("= A\nhot a : -b\nb := 1\nb := 2", "x.marble:4:1: Line 3 says what 'b' is: remove one of the two.")]
    [TestCase("= A\nhot a : -b\nbb := 1", "x.marble:3:1: 'bb' is longer than one character, as a name of a value is not.")]
    [TestCase("= A\nhot a : -b\nb := 'x' y", "x.marble:3:6: A definition that begins with ' or < is one text or one group of bytes: put the whole text between quotes.")]
    [TestCase("= A\nhot a : -b\n>", "x.marble:3:1: The operator has no text: write it behind the '>'.")]
    [TestCase("= A\nhot a : -b\nghost = b", "x.marble:3:1: 'ghost =' means nothing here: write 'ghosts = a, b' below a row, or settings below [styles].")]
    [TestCase("= A\nhot a : -b\nghosts = c", "x.marble:3:10: The row above has no value 'c'.")]
    [TestCase("= A\nghosts = c", "x.marble:2:1: There is no row above whose values could be ghosts.")]
    [TestCase("[style]", "x.marble:1:1: '[style]' begins nothing: write [styles], [styles.a] or [links].")]
    [TestCase("[styles.b]\nfill_color = url(x)", "x.marble:2:14: 'url(x)' is no colour: write #rgb, #rrggbb or an English name.")]
    [TestCase("[styles.b]\nfill = red", "x.marble:2:8: A value has no 'fill': write fill_color, stroke_color or text_color.")]
    [TestCase("[styles]\nframe_width = 5", "x.marble:2:15: '5' is no width of a frame: write a whole number from 16 to 120.")]
    [TestCase("= A\nhot a : -b\n[links]\na.b > a.b", "x.marble:4:1: A link is written 'row.value -> row.value', dashed with '-.->'.")]
    [TestCase("= A\nhot a : -b\n[links]\na.b -> c.b", "x.marble:4:1: No row 'c' has a value 'b': write both as the row does.")]
    public void What_is_wrong_is_told_with_its_place(string text, string message) =>
        Assert.That(() => MarbleFile.Parse(text, "x.marble"), Throws.TypeOf<MarbleFileException>().With.Message.EqualTo(message));

    [Test]
    public void What_is_wrong_in_a_diagram_is_told_with_its_place_in_the_file() =>
        Assert.That(() => MarbleFile.Parse("= A\nhot a  : --(b-)", "x.marble"),
            Throws.TypeOf<MarbleFileException>().With.Property("Line").EqualTo(2).And.Property("Column").EqualTo(14).And.Message.Contains("No time passes"));

    // What would take quadratic time, takes minutes at this length.
    [Test]
    public void A_file_may_be_long()
    {
        string[] names = [.. Enumerable.Range(0, 100_000).Select(n => $"{char.ConvertFromUtf32(0x20000 + (n % 40_000))}{(char)('\u0301' + (n / 40_000))}")];
        var text = $"= A\nhot a : {Each("@")}\n{Each("@ := x\n")}[links]\n{Each("a.@ -> a.@\n")}{Each("= @\nhot a : -\n")}";
        var file = MarbleFile.Parse(text, "x.marble");
        Assert.That((file.Cases.Count, file.Cases[0].Definitions.Count, file.Cases[0].Links.Count), Is.EqualTo((100_001, 100_000, 100_000)));

        string Each(string line) => string.Concat(names.Select(name => line.Replace("@", name, StringComparison.Ordinal)));
    }

    [Test]
    public void A_case_has_a_largest_size() =>
        Assert.That(() => MarbleFile.Parse("= A\n" + string.Concat(Enumerable.Repeat("note : x\n", 65)), "x.marble"),
            Throws.TypeOf<MarbleFileException>().With.Message.StartsWith("x.marble:66:1: A case has at most 64 rows"));

    [Test]
    public void A_file_writes_so_many_bytes() =>
        Assert.That(() => MarbleFile.Parse("= A\nhot a : <00*9000000>\n\n= B\nhot a : b\nb := <00*9000000>", "x.marble"),
            Throws.TypeOf<MarbleFileException>().With.Message.StartsWith("x.marble:6:6: The file makes more than 16777216 bytes with '*'"));
}
