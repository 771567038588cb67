using Diesel.Reactive.Marbles;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>A sign of a file is moved to another instant.</summary>
public class MarbleMoveTests
{
    [TestCase("-a-b-|", 0, 2, "--ab-|", 0)]
    [TestCase("-a-b-|", 0, 4, "---ba|", 1)]
    [TestCase("-a-b-|", 0, 3, "---[ba]-|", 1)]
    [TestCase("-a-b-|", 1, 0, "ba---|", 0)]
    [TestCase("-a-b-|", 0, 99, "---b-[a|]", 1)]
    [TestCase("-a-b-|", 2, 0, "-a-[b|]", 2)]
    [TestCase("-a-b-|", 2, 12, "-a-b--------|", 2)]
    [TestCase("-a-b----", 1, 5, "-a---b--", 1)]
    [TestCase("-'text'-#", 0, 0, "'text'--#", 0)]
    [TestCase("-a-|", 0, -5, "a--|", 0)]
    [TestCase("-a-|", 0, 1.6, "--a|", 0)]
    public void It_stands_where_it_was_put(string before, int index, double ms, string after, int now)
    {
        var (text, at) = MarbleMove.Move($"= A\nhot a : {before}\n% said\nexpect b : -\n", "x", 2, index, ms);
        var rows = MarbleFile.Parse(text, "x").Cases[0].Rows;
        Assert.That((rows[0].Diagram.Events.Select(static told => (told.Time, told.Kind, told.Spelling)), rows[0].Diagram.Length, at),
            Is.EqualTo((MarbleDiagram.Parse(after).Events.Select(static told => (told.Time, told.Kind, told.Spelling)), MarbleDiagram.Parse(after).Length, now)));
        Assert.That(text, Does.Contain("% said").And.EqualTo(MarbleFile.Parse(text, "x").Format()));
    }

    [Test]
    public void One_of_any_order_is_alone_when_it_was_moved()
    {
        var (text, at) = MarbleMove.Move("= A\nexpect a : -{bc}---|\n", "x", 2, 0, 3);
        Assert.That((text, at), Is.EqualTo(("= A\nexpect a : -{c}-b-|\n", 1)));
    }

    [Test]
    public void A_subscription_begins_before_it_ends()
    {
        var (text, at) = MarbleMove.Move("= A\ncold a : -b|\nsubs a : --^--!\n", "x", 3, 0, 99);
        Assert.That((text.Split('\n')[2], at), Is.EqualTo(("subs a : -----[^!]", 0)));
    }

    [Test]
    public void Behind_the_last_sign_not_more_is_kept_than_a_line_can_show() =>
        Assert.That(MarbleMove.Move("= A\nhot a : -b 900ms -\n", "x", 2, 0, 2).Text, Has.Length.LessThan(100));

    [TestCase(3, 0)]
    [TestCase(2, 1)]
    [TestCase(2, -1)]
    public void What_is_not_there_is_not_moved(int line, int index) =>
        Assert.That(() => MarbleMove.Move("= A\nhot a : -b\n", "x", line, index, 1), Throws.ArgumentException.With.Message.Contains("no such sign"));

    [Test]
    public void A_picture_to_be_edited_says_where_each_sign_stands()
    {
        var picture = MarblePicture.DrawEditable(MarbleFile.Parse("= A\nhot a : -b-|\n> f\nexpect c : ---b|", "x").Cases[0]);
        Assert.That(picture, Does.Contain("data-at=\"2:0\" data-ms=\"1\"").And.Contain("data-at=\"2:1\" data-ms=\"3\"").And.Contain("data-at=\"4:1\"").And.Contain("data-scale=\"0:"));
    }
}
