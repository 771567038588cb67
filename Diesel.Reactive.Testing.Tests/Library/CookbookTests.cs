using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>The recipes of docs/testing-cookbook.md, word for word.</summary>
public class CookbookTests
{
    [Test]
    public void The_last_key_of_a_burst_is_told_when_it_is_over() => MarbleTest.Run(t =>
    {
        var keys = t.Hot("       --a-b------c--|");
        t.ExpectObservable(keys.Throttle(t.Time("---|"), t.Scheduler))
            .ToBe("              -------b------(c|)");
    });

    [Test]
    public void A_call_that_failed_is_tried_again_after_a_while() => MarbleTest.Run(t =>
    {
        var answers = new Queue<IObservable<string>>([t.Cold("--#"), t.Cold("-a|")]);
        var call = Observable.Defer(() => answers.Dequeue());
        t.ExpectObservable(call.RetryWhen(errors => errors.Delay(t.Time("5ms |"), t.Scheduler))).ToBe("--------a|");
    });

    [Test]
    public void What_is_late_is_replaced() => MarbleTest.Run(t =>
    {
        var slow = t.Cold("----a|");
        t.ExpectObservable(slow.Timeout(t.Time("---|"), Observable.Return("late"), t.Scheduler)).ToBe("---['late'|]");
        t.ExpectSubscriptions(slow).ToBe("^--!");
    });

    [Test]
    public void A_job_is_asked_for_until_it_is_done() => MarbleTest.Run(t =>
    {
        var states = new Queue<string>(["busy", "busy", "done"]);
        var poll = Observable.Timer(TimeSpan.Zero, t.Time("10ms |"), t.Scheduler).Select(_ => states.Dequeue()).TakeUntil(state => state == "done");
        t.ExpectObservable(poll).ToBe("'busy' 9ms 'busy' 9ms ['done'|]");
    });

    [Test]
    public void Who_comes_later_is_told_what_the_first_was() => MarbleTest.Run(t =>
    {
        var source = t.Cold("--a|");
        var cached = source.Replay(1).AutoConnect();
        t.ExpectObservable(cached).ToBe("--a|");
        t.ExpectObservable(cached, "-----^").ToBe("-----[a|]");
        t.ExpectSubscriptions(source).ToBe("^--!");
    });

    [Test]
    public void A_connection_that_breaks_is_made_anew_each_time_after_twice_as_long() => MarbleTest.Run(t =>
    {
        var connection = t.Cold("a-b#");
        var lasting = connection.RetryWhen(errors => errors
            .Select((_, n) => Observable.Timer(TimeSpan.FromMilliseconds(2 << n), t.Scheduler)).Concat());
        t.ExpectObservable(lasting, "           ^---------------!").ToBe("a-b--a-b----a-b");
        t.ExpectSubscriptions(connection).ToBe("^--!", "-----^--!", "------------^--!");
    });

    [Test]
    public void A_page_is_asked_for_when_the_one_before_is_there() => MarbleTest.Run(t =>
    {
        var last = t.Cold("-e|", ("e", ""));
        IObservable<string>[] pages = [t.Cold("--a|"), t.Cold("-b|"), last];
        t.ExpectObservable(All(number => pages[number], 0)).ToBe("--ab-|");
        t.ExpectSubscriptions(last).ToBe("                     ---^-!");

        static IObservable<string> All(Func<int, IObservable<string>> page, int number) => page(number).SelectMany(text =>
            text.Length == 0 ? Observable.Empty<string>() : Observable.Return(text).Concat(All(page, number + 1)));
    });

    [Test]
    public void The_document_has_these_and_no_others()
    {
        var source = Lines(File.ReadAllText(Repository.PathOf("Diesel.Reactive.Testing.Tests/Library/CookbookTests.cs")));
        var blocks = Markdown.CSharpBlocks(File.ReadAllText(Repository.PathOf("docs/testing-cookbook.md"))).Select(static block => Lines(block.Code)).ToList();
        Assert.That(blocks.Where(block => !source.Contains(block, StringComparison.Ordinal)), Is.Empty);
        Assert.That(blocks, Has.Count.EqualTo(7));
    }

    private static string Lines(string text) => string.Join('\n', text.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0));
}
