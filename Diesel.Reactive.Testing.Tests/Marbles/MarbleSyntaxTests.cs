using Diesel.Reactive.Testing;
using static Diesel.Reactive.Testing.MarbleRole;

namespace Diesel.Reactive.Tests;

public class MarbleSyntaxTests
{
    [TestCase("--(ab", 2, "write ')'")]
    [TestCase("[a", 0, "write ']'")]
    [TestCase("(a(b))", 2, "close the first with ')'")]
    [TestCase("a)", 1, "write '('")]
    [TestCase("a]-", 1, "write '['")]
    [TestCase("}", 0, "write '{'")]
    [TestCase("(a]", 2, "closed by ')'")]
    [TestCase("-()", 1, "write '-'")]
    [TestCase("[ ]", 0, "write '-'")]
    [TestCase("(a-b)", 2, "write it outside")]
    [TestCase("(a 5ms )", 3, "write it outside")]
    [TestCase("{a 0.5ms b}", 3, "write it outside")]
    [TestCase("[a{b 0.5ms }]", 5, "write it outside")]
    [TestCase("[a-]", 2, "write it outside")]
    [TestCase("[a 1ms b]", 3, "write what happens then behind the ']'")]
    [TestCase("[a 0.5ms b 0.5ms c]", 11, "write what happens then behind the ']'")]
    [TestCase("[{a}", 0, "write ']'")]
    [TestCase("[a{b", 2, "write '}'")]
    [TestCase("[{}]", 1, "write '-'")]
    [TestCase("{a[b]}", 2, "close the first with '}'")]
    [TestCase("({a})", 1, "close the first with ')'")]
    [TestCase("{a|}", 2, "write it behind the '}'")]
    [TestCase("|a", 1, "after '|' (column 1)")]
    [TestCase("-#-a", 3, "after '#' (column 2)")]
    [TestCase("(|a)", 2, "after '|'")]
    [TestCase("||", 1, "after '|'")]
    [TestCase("-!-a", 3, "after '!'")]
    [TestCase("^-^", 2, "write one only")]
    public void Refuses_groups_and_ends_out_of_order(string marbles, int column, string hint) => Refuses(marbles, Any, column, hint);

    [TestCase("a10ms", 1, "write ' 10ms ' for a duration, or '1 0 m s'")]
    [TestCase("-1s-", 1, "write ' 1s '")]
    [TestCase("10msa", 0, "write ' 10ms '")]
    [TestCase("10min", 0, "write ' 10m '")]
    [TestCase("10sec", 0, "write ' 10s '")]
    [TestCase("10ms.", 0, "write ' 10ms '")]
    [TestCase(" 5ms5ms ", 1, "write ' 5ms '")]
    [TestCase("-10 ms", 3, null)]
    [TestCase("- 10 ms", 4, "write ' 10ms '")]
    [TestCase("10  us -", 2, "write ' 10us '")]
    [TestCase(".5s", 0, "write ' 0.5s '")]
    [TestCase("1,5ms", 2, "write ' 5ms '")]
    [TestCase("10MS", 2, "write ' 10ms '")]
    [TestCase("10ns", 2, "write us, ms, s, m or h")]
    [TestCase("10µs", 2, "write us, ms, s, m or h")]
    [TestCase("0.05us", 0, "write fewer decimals")]
    [TestCase("1.00000001s", 0, "write fewer decimals")]
    [TestCase("9999999999h", 0, "longer than a TimeSpan")]
    [TestCase("256204778h 256204778h", 11, "write shorter durations")]
    [TestCase("000000000000000000001s", 0, "write a shorter one")]
    public void Refuses_dubious_durations(string marbles, int column, string? hint)
    {
        if (hint is null) Assert.That(MarbleReading.Of(marbles), Is.EqualTo("1@1 0@2 m@3 s@4"));
        else Refuses(marbles, Any, column, hint);
    }

    [TestCase("-'ab", 1, "write ' behind the text")]
    [TestCase("'ab\n'", 0, @"a line end as \n")]
    [TestCase("'", 0, "write ' behind the text")]
    [TestCase(@"'a\q'", 2, "a backslash as \\\\")]
    [TestCase(@"'a\", 2, "a backslash as \\\\")]
    [TestCase(@"'\u12'", 1, @"write \u200b")]
    [TestCase("'\\u12\0\0'", 1, @"write \u200b")]
    [TestCase(@"'\x4'", 1, @"write \x0a")]
    [TestCase(@"'\x", 1, @"write \x0a")]
    [TestCase(@"'\x+1'", 1, @"write \x0a")]
    [TestCase("-<0d0>", 1, "write '<0d>'")]
    [TestCase("<0d", 0, "write '>'")]
    [TestCase("<0g>", 2, "write bytes as '<0d0a>'")]
    [TestCase("<*3>", 1, "write '<00*4096>'")]
    [TestCase("<00*>", 3, "write '<00*4096>'")]
    [TestCase("<00*0>", 3, "write '<00*4096>'")]
    [TestCase("<00*16777217>", 3, "from 1 to 16777216")]
    [TestCase("<0000*16777216>", 0, "write fewer")]
    [TestCase("<00*9000000>-<00*9000000>", 13, "write fewer")]
    [TestCase("<00*4", 0, "write '>'")]
    [TestCase("a>", 1, "write '<'")]
    [TestCase("a \u0301", 2, "U+0301 cannot be a name")]
    [TestCase("-\u200b", 1, "U+200B cannot be a name")]
    [TestCase("\0", 0, "U+0000 cannot be a name")]
    public void Refuses_bad_values(string marbles, int column, string hint) => Refuses(marbles, Any, column, hint);

    [TestCase(Hot, "-a!", 2, "write '|'")]
    [TestCase(Cold, "-a!", 2, "write '|'")]
    [TestCase(Cold, "-^a", 1, "write '-'")]
    [TestCase(Expected, "-^a", 1, "write '-'")]
    [TestCase(Expected, "!", 0, "write '|'")]
    [TestCase(Hot, "{a}", 0, "write '[ ]'")]
    [TestCase(Cold, "{a}", 0, "write '[ ]'")]
    [TestCase(Bytes, "{a}", 0, "write '[ ]'")]
    [TestCase(Subscription, "^-a-!", 2, "'a' cannot stand in a subscription")]
    [TestCase(Subscription, "^|", 1, "write '^'")]
    [TestCase(Subscription, "-!", 1, "write '^' where the subscription begins")]
    [TestCase(Subscription, "--!--^", 2, "write '^' where the subscription begins")]
    [TestCase(Subscription, "^!-^", 3, "after '!'")]
    [TestCase(Subscription, "^!!", 2, "after '!'")]
    [TestCase(Subscription, "^-^-!", 2, "write one only")]
    [TestCase(Time, "---", 3, "write '|' there")]
    [TestCase(Time, "", 0, "write '|' there")]
    [TestCase(Time, "-a|", 1, "write '-' or durations")]
    [TestCase(Time, "-#", 1, "write '-' or durations")]
    [TestCase(Bytes, "-''", 1, "write '|' for the FIN")]
    [TestCase(Bytes, "<>", 0, "write '|' for the FIN")]
    [TestCase(Bytes, "^a", 0, "Write '-'")]
    [TestCase(Bytes, "|!", 1, "after '|'")]
    [TestCase(Window, "^-^", 2, "write '!' between")]
    [TestCase(Window, "!-!", 2, "write '^' between")]
    [TestCase(Window, "^-a", 2, "'a' cannot stand in a window")]
    public void Refuses_what_the_role_forbids(MarbleRole role, string marbles, int column, string hint) => Refuses(marbles, role, column, hint);

    // An attribute cannot hold half a character.
    [Test]
    public void Refuses_half_a_character() => Refuses("a\ud83d-", Any, 1, "U+D83D cannot be a name");

    [Test]
    public void Shows_the_place() => Assert.That(Assert.Throws<MarbleSyntaxException>(() => MarbleDiagram.Parse("-a\t(b"))!.Message,
        Does.EndWith($" (column 4){Environment.NewLine}    -a (b{Environment.NewLine}       ^"));

    [Test]
    public void Shows_of_a_long_diagram_what_is_around() => Assert.That(
        Assert.Throws<MarbleSyntaxException>(() => MarbleDiagram.Parse(new string('-', 1000) + ")" + new string('-', 1000)))!.Message,
        Does.EndWith($"    …{new string('-', 60)}){new string('-', 59)}…{Environment.NewLine}     {new string(' ', 60)}^"));

    [Test]
    public void Refuses_null() => Assert.That(() => MarbleDiagram.Parse(null!), Throws.ArgumentNullException);

    [Test]
    public void Shows_the_place_below_wide_characters_too() => Assert.That(Assert.Throws<MarbleSyntaxException>(() => MarbleDiagram.Parse("漢字(b"))!.Message,
        Does.EndWith($"    漢字(b{Environment.NewLine}        ^"));

    static void Refuses(string marbles, MarbleRole role, int column, string hint)
    {
        var error = Assert.Throws<MarbleSyntaxException>(() => MarbleDiagram.Parse(marbles, role))!;
        Assert.That((error.Column, error.Marbles), Is.EqualTo((column, marbles)), error.Message);
        Assert.That(error.Problem, Does.Contain(hint));
    }
}
