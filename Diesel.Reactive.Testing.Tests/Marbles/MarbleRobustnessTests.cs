using Diesel.Reactive.Testing;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace Diesel.Reactive.Tests;

[Parallelizable(ParallelScope.All)]
public class MarbleRobustnessTests
{
    // Half the texts are of signs, which go further into the rules than any text would.
    static readonly string[] Signs =
    [
        "-", "|", "#", "^", "!", "(", ")", "[", "]", "{", "}", "'", "<", ">", "a", "1", "0", ".", "5", "ms", "us", "s", "h", " ", "\n", " 10ms ",
        "[ 0.5ms a]", "'x'", "<0d>", "*", "\\", "x", "n", "👍", "\u0301", "\ud83d", "-", "-", "b", "c",
    ];

    [Property(MaxTest = 2000, QuietOnSuccess = true)]
    public void Any_text_is_a_diagram_or_a_syntax_error(string? text, byte[] signs, byte role, byte dialect)
    {
        AllGoesWell(text ?? "", role, dialect);
        AllGoesWell(string.Concat(signs.Select(sign => Signs[sign % Signs.Length])), role, dialect);
    }

    [Property(MaxTest = 2000, QuietOnSuccess = true)]
    public void Errors_point_into_the_text(byte[] signs, byte role)
    {
        var marbles = string.Concat(signs.Select(sign => Signs[sign % Signs.Length]));
        try
        {
            MarbleDiagram.Parse(marbles, RoleOf(role));
        }
        catch (MarbleSyntaxException error)
        {
            Assert.That((error.Column, error.Marbles), Is.EqualTo((Math.Clamp(error.Column, 0, marbles.Length), marbles)));
        }
    }

    // What would take quadratic time, takes minutes at this length.
    [TestCase("-")]
    [TestCase("a")]
    [TestCase("1")]
    [TestCase("1 ")]
    [TestCase("1.")]
    [TestCase(" 1ms ")]
    [TestCase("[ab]")]
    [TestCase("'a\\xff'")]
    [TestCase("<00>")]
    [TestCase("👍")]
    [TestCase("\u0301")]
    [TestCase("(")]
    [TestCase("1m ")]
    [TestCase(" ")]
    [TestCase("^")]
    public void Reads_a_mebibyte(string repeated)
    {
        var marbles = string.Concat(Enumerable.Repeat(repeated, 1024 * 1024 / repeated.Length));
        AllGoesWellInEachDialect("a" + marbles);
    }

    [TestCase("'", "a", "'")]
    [TestCase("<", "0d ", ">")]
    [TestCase("[", "a", "]")]
    [TestCase("a", "\u0301", "")]
    [TestCase("1", " ", "ms")]
    [TestCase("1", "0", "s")]
    public void Reads_a_mebibyte_in_one_token(string first, string repeated, string last) =>
        AllGoesWellInEachDialect(first + string.Concat(Enumerable.Repeat(repeated, 1024 * 1024 / repeated.Length)) + last);

    static MarbleRole RoleOf(byte number) => (MarbleRole)(number % Enum.GetValues<MarbleRole>().Length);

    static void AllGoesWellInEachDialect(string marbles)
    {
        foreach (var dialect in Enum.GetValues<MarbleDialect>()) AllGoesWell(marbles, 0, (byte)dialect);
    }

    static void AllGoesWell(string marbles, byte role, byte dialect)
    {
        var rules = (MarbleDialect)(dialect % Enum.GetValues<MarbleDialect>().Length);
        try
        {
            var diagram = MarbleDiagram.Parse(marbles, rules == MarbleDialect.Strict ? RoleOf(role) : MarbleRole.Any, rules);
            Assert.That(diagram.Events.Zip(diagram.Events.Skip(1)).All(pair => pair.First.Time <= pair.Second.Time), Is.True);
        }
        catch (MarbleSyntaxException)
        {
            // The other possible outcome.
        }
    }
}
