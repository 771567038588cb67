using System.Reactive.Subjects;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>What users of RxJS write in <c>TestScheduler.run</c>, with their own diagrams.</summary>
public class RxJsTests
{
    private static readonly MarbleOptions RxJs = new() { Dialect = MarbleDialect.RxJs7 };

    [Test]
    public void Map_and_filter() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Cold("a-b-c-|", ("a", 1), ("b", 2), ("c", 3)).Where(x => x % 2 == 1).Select(x => x * 10))
            .ToBe("x---y-|", ("x", 10), ("y", 30)), RxJs);

    [Test]
    public void Debounce() => MarbleTest.Run(t =>
    {
        var source = t.Cold("-a--b--c---|");
        t.ExpectObservable(source.Throttle(TimeSpan.FromMilliseconds(3), t.Scheduler)).ToBe("----------c|");
        t.ExpectSubscriptions(source).ToBe("^----------!");
    }, RxJs);

    [Test]
    public void Long_times() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Cold("a|").Delay(TimeSpan.FromSeconds(1), t.Scheduler)).ToBe("1s a|"), RxJs);

    [Test]
    public void Concat_subscribes_one_after_the_other() => MarbleTest.Run(t =>
    {
        var (one, two) = (t.Cold("-a-b|"), t.Cold("--c|"));
        t.ExpectObservable(one.Concat(two)).ToBe("-a-b--c|");
        t.ExpectSubscriptions(one).ToBe("^---!");
        t.ExpectSubscriptions(two).ToBe("----^--!");
    }, RxJs);

    [Test]
    public void Switch_map_leaves_the_former_inner_stream() => MarbleTest.Run(t =>
    {
        var inner = t.Cold("--x--y--|");
        t.ExpectObservable(t.Hot("-a---b|").Select(_ => inner).Switch()).ToBe("---x---x--y--|");
        t.ExpectSubscriptions(inner).ToBe("-^---!", "-----^-------!");
    }, RxJs);

    [Test]
    public void A_typeahead_asks_for_the_last_text_only() => MarbleTest.Run(t =>
    {
        var keys = t.Hot("a-b 300ms c-|");
        var results = keys.Throttle(TimeSpan.FromMilliseconds(200), t.Scheduler).DistinctUntilChanged()
            .Select(text => t.Cold("100ms (r|)", ("r", $"results of {text}"))).Switch();
        t.ExpectObservable(results).ToBe("302ms r 102ms (s|)", ("r", "results of b"), ("s", "results of c"));
    }, RxJs);

    [Test]
    public void Retry_subscribes_again() => MarbleTest.Run(t =>
    {
        var flaky = t.Cold("-a-#");
        t.ExpectObservable(flaky.Retry(3)).ToBe("-a--a--a-#");
        t.ExpectSubscriptions(flaky).ToBe("^--!", "---^--!", "------^--!");
    }, RxJs);

    [Test]
    public void Combine_latest() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot("-a---b--|").CombineLatest(t.Hot("--1-2---|"), (x, y) => x + y))
            .ToBe("--x-yz--|", ("x", "a1"), ("y", "a2"), ("z", "b2")), RxJs);

    [Test]
    public void Sharing_counts_its_subscribers() => MarbleTest.Run(t =>
    {
        var source = t.Cold("-a-b-c-d-|");
        var shared = source.Publish().RefCount();
        t.ExpectObservable(shared, "^---!").ToBe("-a-b");
        t.ExpectObservable(shared, "--^---!").ToBe("---b-c");
        t.ExpectSubscriptions(source).ToBe("^-----!");
    }, RxJs);

    [Test]
    public void Replay_tells_late_subscribers() => MarbleTest.Run(t =>
    {
        var replay = new ReplaySubject<string>(2);
        t.Hot("a-b-c----d|").Subscribe(replay);
        t.ExpectObservable(replay, "-----^").ToBe("-----(bc)d|");
    }, RxJs);

    [Test]
    public void Hot_values_before_zero_are_missed() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot("--a--^--b--|")).ToBe("---b--|"), RxJs);

    [Test]
    public void An_error_ends_it() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot("-a-b").Do(x => { if (x == "b") throw new FormatException("bad b"); })).ToBe("-a-#", new FormatException("bad b")), RxJs);

    [Test]
    public void Higher_order() => MarbleTest.Run(t =>
    {
        var (x, y) = (t.Cold("-a|"), t.Cold("b-|"));
        t.ExpectObservable(t.Hot("-x--y|", ("x", x), ("y", y))).ToBe("-x--y|", ("x", x), ("y", y));
    }, RxJs);

    [Test]
    public void Buffers_by_time() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot("-a-b-c-|").Buffer(TimeSpan.FromMilliseconds(4), t.Scheduler).Select(keys => string.Concat(keys)))
            .ToBe("----x--(y|)", ("x", "ab"), ("y", "c")), RxJs);
}
