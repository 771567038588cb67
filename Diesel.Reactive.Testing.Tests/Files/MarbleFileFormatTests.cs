using Diesel.Reactive.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace Diesel.Reactive.Tests;

public class MarbleFileFormatTests
{
    [Test]
    public void Equal_instants_stand_below_each_other() => Assert.That(Format("""
        =   UntilEol
        %  a remark
        rx in : -'PI'-'NG\r\n'-|

        frames  lines:---'PING\r\n' 12ms  (a|)
        > UntilEol()


        a:=h


        """), Is.EqualTo("""
        = UntilEol
        % a remark
        rx     in    : -'PI'-'NG\r\n'   -|

        frames lines : --   -'PING\r\n' 12ms (a|)
        > UntilEol()

        a := h

        """));

    [Test]
    public void What_comes_before_the_zero_of_a_hot_row_stands_before_the_others() =>
        Assert.That(Format("= A\nhot a : -b-^-c|\ncold d : -e|\n"), Is.EqualTo("= A\nhot  a : -b-^-c|\ncold d :    -e|\n"));

    [Test]
    public void Names_do_not_become_a_duration() =>
        Assert.That(Format("= A\nhot a : -1 m-\nhot b : -'long'c\n"), Is.EqualTo("= A\nhot a : -1     m-\nhot b : -'long'c\n"));

    [Test]
    public void Wide_letters_take_two_columns() =>
        Assert.That(Format("= A\nhot a : 日b\nhot 日 : cd\n"), Is.EqualTo("= A\nhot a  : 日b\nhot 日 : c d\n"));

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public Property Nothing_changes_its_meaning() => Prop.ForAll(Texts.ToArbitrary(), text =>
    {
        var (before, after) = (MarbleFile.Parse(text, "x"), MarbleFile.Parse(Format(text), "x"));
        return before.Cases.Zip(after.Cases).All(pair => Meaning(pair.First).SequenceEqual(Meaning(pair.Second))).Label(Format(text));
    });

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public Property A_formatted_file_is_its_own_format() => Prop.ForAll(Texts.ToArbitrary(), text =>
        (Format(Format(text)) == Format(text)).Label(Format(text)));

    [Test]
    public void Groups_in_an_instant_are_one_instant() => Assert.That(Format("= A\nhot a : -----b-|\nexpect b : ---[{ab}x]-c-d\n"),
        Is.EqualTo("= A\nhot    a : ----      -b-|\nexpect b : ---[{ab}x]-c-d\n"));

    [Test]
    public void Links_stay_as_they_are() => Assert.That(Format("= A\nhot a : =\n\n[links]\n  a.= -> a.=\n"),
        Is.EqualTo("= A\nhot a : =\n\n[links]\na.= -> a.=\n"));

    private static Gen<string> Texts =>
        from rows in Marbles.ListOf(3)
        from spare in Gen.Elements("", "\n\n", "% x\n", "   \n")
        select $"= A\n{spare}hot one:{rows[0]}\n{spare}expect  two:  {rows[1]}\n> x\ncold three  :{rows[2]}\n{spare}";

    private static Gen<string> Marbles =>
        from signs in Gen.Elements("-", "-", " ", "a", "1", "m", "s", "日", " 3ms ", " 0ms ", " 1.5s ", "'a b'", "<00ff*3>", "(ab)", "[a 'b']", "'\\n'").ListOf()
        from end in Gen.Elements("", "|", "#", "(a|)", "[a#]")
        let marbles = string.Concat(signs) + end
        where IsFine(marbles)
        select marbles;

    private static bool IsFine(string marbles)
    {
        try
        {
            return MarbleDiagram.Parse(marbles.Trim(), MarbleRole.Hot) is not null;
        }
        catch (MarbleSyntaxException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Meaning(MarbleCase marble) =>
        marble.Rows.Select(row => $"{row.Role} {row.Name} {row.Diagram.Length} {string.Join(',', row.Diagram.Events.Select(e => e with { Column = 0 }))}");

    private static string Format(string text) => MarbleFile.Parse(text, "x.marble").Format();
}
