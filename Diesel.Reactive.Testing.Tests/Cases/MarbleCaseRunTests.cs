using System.Reactive.Subjects;
using System.Text;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class MarbleCaseRunTests
{
    [Test]
    public void Bytes_are_compared_as_bytes() =>
        Case(@"rx in : --'PI'-'NG\r\n'--|", @"frames out : ----'PING\r\n'--|").Run(m => m.Bytes("in").UntilEol());

    [Test]
    public void Arrays_are_bytes_too() =>
        Case("rx in : -'ab'|", "frames out : -<6162>|").Run(m => m.Bytes("in").Select(chunk => chunk.ToArray()));

    [Test]
    public void Texts_are_compared_as_texts() =>
        Case(@"rx in : -'h\xc3'-'\xa9llo\n'|", "expect out : ---'héllo'|").Run(m => m.Bytes("in").Lines());

    [Test]
    public void Numbers_are_spelled_as_in_code() =>
        Case("hot in : -a-b-|", "expect out : -1-x-|", "a := 1", "b := 300", "x := 300.5").Run(m => m.Values("in", int.Parse).Select(n => n > 1 ? n + 0.5 : n));

    [Test]
    public void Records_are_spelled_as_they_say() =>
        Case("hot in : -a-|", "expect out : -x-|", "x := Reply { Text = a }").Run(m => m.Strings("in").Select(text => new Reply(text)));

    [Test]
    public void Or_as_the_test_says() =>
        Case("hot in : -a-|", "expect out : -'<a>'-|").Run(m => m.Strings("in").Select(text => new Reply(text)), reply => $"<{reply.Text}>");

    [Test]
    public void A_length_of_time_has_a_row() =>
        Case("hot in : --a-b------c--|", "time quiet : ---|", "expect out : -------b------(c|)")
            .Run(m => m.Strings("in").Throttle(m.Time("quiet"), m.Scheduler));

    [Test]
    public void Streams_can_be_values() =>
        Case("hot in : -x---y---|", "cold x : --a|", "cold y : b|", "expect out : ---a-b---|").Run(m => m.Values("in", m.Strings).Merge());

    [Test]
    public void Calls_have_a_row() =>
        Case("hot calls : -a-b", "expect out : -a-'two'", "b := two").Run(m =>
        {
            var subject = new System.Reactive.Subjects.Subject<string>();
            m.On("calls", subject.OnNext);
            return subject;
        });

    [Test]
    public void A_result_may_be_subscribed_later() =>
        Case("hot in : -a-b-c-d-|", "subs in : --^---!", "subs out : --^---!", "expect out : ---b-c").Run(m => m.Strings("in"));

    [Test]
    public void Several_results_are_told_by_their_names() =>
        Case("hot in : -a-|", "expect one : -a-|", "tx two : -'a'-|").Run(m =>
        {
            m.Expect("one", m.Strings("in"));
            m.Expect("two", m.Strings("in").Select(text => Encoding.UTF8.GetBytes(text)));
        });

    [TestCase("TruncatedFrameException")]
    [TestCase("TruncatedFrameException: The peer closed in the middle of a frame with 2 bytes pending.")]
    public void An_error_is_named_by_type_or_message(string error) =>
        Assert.That(() => Case("rx in : -'PO'|", "frames out : --#", $"# := {error}").Run(m => m.Bytes("in").UntilEol()), Throws.Nothing);

    [Test]
    public void Another_error_fails() =>
        Assert.That(() => Case("rx in : -'PO'|", "frames out : --#", "# := TimeoutException").Run(m => m.Bytes("in").UntilEol()), Throws.TypeOf<MarbleCaseFailedException>());

    [Test]
    public void A_source_fails_with_the_error_of_the_case() =>
        Case("hot in : -#", "expect out : -#", "# := gone").Run(m => m.Strings("in"));

    [Test]
    public void A_difference_tells_file_line_and_title() =>
        Assert.That(() => Case("hot in : -a|", "expect out : --a|").Run(m => m.Strings("in")),
            Throws.TypeOf<MarbleCaseFailedException>().With.Message.StartsWith("x.marble:1: A").And.Property("FullText").Not.Empty);

    [Test]
    public void Subscriptions_are_compared() =>
        Assert.That(() => Case("hot in : -a-|", "subs in : ^!", "expect out : -a-|").Run(m => m.Strings("in")), Throws.TypeOf<MarbleCaseFailedException>());

    [TestCase("hot other : -")]
    [TestCase("time other : -|")]
    [TestCase("window other : ^!")]
    public void A_row_nobody_uses_fails(string row) =>
        Assert.That(() => Case("hot in : -a|", "expect out : -a|", row).Run(m => m.Strings("in")),
            Throws.InvalidOperationException.With.Message.EqualTo("x.marble:4: The test does not use the row 'other': remove it from the file, or use it."));

    [Test]
    public void A_row_that_is_not_there_fails() =>
        Assert.That(() => Case("hot in : -a|", "expect out : -a|").Run(m => m.Strings("inn")),
            Throws.InvalidOperationException.With.Message.EqualTo("x.marble:1: The test asks for a source row 'inn', and the case has in."));

    [Test]
    public void A_result_without_its_one_row_fails() =>
        Assert.That(() => Case("hot in : -a|", "expect one : -a|", "expect two : -a|").Run(m => m.Strings("in")),
            Throws.InvalidOperationException.With.Message.EqualTo("x.marble:1: A result is compared with one row, and the case has 2 for it: say m.Expect(name, ...) for each."));

    [Test]
    public void A_source_has_one_type() =>
        Assert.That(() => Case("hot in : -a|", "expect out : -a|").Run(m => m.Strings("in").Merge(m.Values("in", int.Parse).Select(n => ""))),
            Throws.InvalidOperationException.With.Message.Contains("other values than Int32").Or.InstanceOf<FormatException>());

    [Test]
    public void A_window_is_read_by_the_test() =>
        Case("window open : --!", "hot in : -a|", "expect out : --(|)").Run(m => m.Strings("in").Skip(m.Diagram("open").Events.Count));

    [Test]
    public void A_subs_row_nobody_can_judge_fails()
    {
        var keys = new Subject<string>();
        Assert.That(() => Case("hot in : a-b", "subs in : ^----!", "expect out : a-b").Run(m =>
        {
            m.On("in", keys.OnNext);
            m.Expect("out", keys);
        }), Throws.InvalidOperationException.With.Message.StartsWith("x.marble:3: Nobody subscribes to 'in'"));
    }

    [Test]
    public void A_subs_row_fails_on_its_own_line() =>
        Assert.That(() => Case("hot in : a-b", "expect out : a-b", "subs in : ^----!").Run(m => m.Strings("in")),
            Throws.TypeOf<MarbleCaseFailedException>().With.Message.Contains("Subscriptions differ: in   (x.marble:4)"));

    [Test]
    public void What_is_called_is_given_texts_as_they_are()
    {
        var keys = new Subject<string>();
        Case("hot in : a-'a'", "expect out : b-'a'", "a := b").Run(m =>
        {
            m.On("in", keys.OnNext);
            m.Expect("out", keys);
        });
    }

    [Test]
    public void Dates_are_spelled_in_full() =>
        Case("expect out : [a|]", "a := 2000-01-02T00:00:00.0070000").Run(m => Observable.Return(new DateTime(2000, 1, 2).AddMilliseconds(7)));

    [Test]
    public void What_has_no_text_of_its_own_fails() =>
        Assert.That(() => Case("expect out : [a|]", "a := System.Int32[]").Run(m => Observable.Return(new[] { 1 })),
            Throws.TypeOf<MarbleCaseFailedException>().With.Message.Contains("The type Int32[] has no text of its own"));

    private static MarbleCase Case(params string[] lines) => MarbleFile.Parse(string.Join('\n', ["= A", .. lines]), "x.marble").Cases[0];

    private sealed record Reply(string Text);
}
