using System.Reactive;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class OperatorsInVirtualTimeTests
{
    [Test]
    public void A_delay_of_zero_stays_in_its_frame() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Cold("-a-b-|").Delay(TimeSpan.Zero, t.Scheduler)).ToBe("-a-b-|"));

    [Test]
    public void A_range_is_told_in_one_instant() => MarbleTest.Run(t =>
        t.ExpectObservable(Observable.Range(1, 3, t.Scheduler)).ToBe("[123|]"));

    [Test]
    public void An_interval_is_exact() => MarbleTest.Run(t =>
        t.ExpectObservable(Observable.Interval(t.Time("---|"), t.Scheduler).Take(3)).ToBe("---0--1--[2|]"));

    [Test]
    public void An_endless_interval_is_unsubscribed() => MarbleTest.Run(t =>
        t.ExpectObservable(Observable.Interval(t.Time("-|"), t.Scheduler), "^---!").ToBe("-012"));

    [Test]
    public void Throttle_keeps_the_last_of_a_burst() => MarbleTest.Run(t =>
    {
        var keys = t.Hot("--a-b------c--|");
        var subs = "      ^-------------!";
        var want = "      -------b------[c|]";
        t.ExpectObservable(keys.Throttle(t.Time("---|"), t.Scheduler)).ToBe(want);
        t.ExpectSubscriptions(keys).ToBe(subs);
    });

    [Test]
    public void A_timeout_comes_in_time() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot("-a-----b|").Timeout(t.Time("---|"), t.Scheduler)).WithError(e => e is TimeoutException).ToBe("-a--#"));

    [Test]
    public void Inner_streams_are_flattened() => MarbleTest.Run(t =>
    {
        var inner = t.Cold("x-y|");
        t.ExpectObservable(t.Hot("-a---b--|").SelectMany(inner)).ToBe("-x-y-x-y|");
        t.ExpectSubscriptions(inner).ToBe("-^--!", "-----^--!");
    });

    [Test]
    public void Windows_are_streams_of_their_own() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot("-a-b-c|").Window(t.Hot("----x--|"))).ToBe(
            "x---y-|", ("x", t.Cold("-a-b|")), ("y", t.Cold("-c|"))));

    [Test]
    public void Windows_of_numbers_are_streams_of_their_own() => MarbleTest.Run(t =>
        t.ExpectObservable(Observable.Interval(t.Time("-|"), t.Scheduler).Take(4).Window(2)).ToBe(
            "x-y-[z|]", ("x", t.Cold<long>("-0[1|]")), ("y", t.Cold<long>("-2[3|]")), ("z", t.Cold<long>("|"))));

    [Test]
    public void Tasks_end_in_virtual_time([Values] bool context) => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot("-a-b|").SelectMany(async name =>
        {
            await Task.Delay(t.Time("-----|"), t.TimeProvider).ConfigureAwait(context);
            return name;
        })).ToBe("------a-[b|]"));

    [Test]
    public void An_async_observable_is_cancelled_by_unsubscribing() => MarbleTest.Run(t =>
    {
        var ends = new List<double>();
        var source = Observable.Create<string>(async (observer, cancellation) =>
        {
            observer.OnNext("a");
            using var end = cancellation.Register(() => ends.Add(t.Scheduler.Elapsed.TotalMilliseconds));
            await Task.Delay(t.Time("-----|"), t.TimeProvider, cancellation);
            observer.OnNext("b");
        });
        t.ExpectObservable(source, "^--!").ToBe("a");
        t.ExpectObservable(source).ToBe("a----[b|]");
        t.Flush();
        Assert.That(ends, Is.EqualTo(new[] { 3.0 }));
    });

    [Test]
    public void A_task_becomes_an_observable_in_virtual_time() => MarbleTest.Run(t =>
        t.ExpectObservable(Observable.FromAsync(() => Task.Delay(t.Time("--|"), t.TimeProvider))).ToBe("--[x|]", ("x", Unit.Default)));

    [Test]
    public void Lines_are_cut_from_chunks() => MarbleTest.Run(t =>
        t.ExpectObservable(t.ColdBytes(@"--'PI'-'NG\r\n'|").UntilEol().Select(line => System.Text.Encoding.ASCII.GetString(line.Span)))
            .ToBe(@"----'PING\r\n'|"));

    [Test]
    public void Lines_stay_bytes() => MarbleTest.Run(t =>
        t.ExpectObservable(t.HotBytes(@"--<5049>-'NG\r\nPONG\r\n'|").UntilEol()).ToBe(@"----['PING\r\n''PONG\r\n']|"));

    [Test]
    public void Bytes_within_a_line_fail_with_what_is_pending() => MarbleTest.Run(t =>
        t.ExpectObservable(t.ColdBytes("--'PI'-|").UntilEol()).WithError(e => e is TruncatedFrameException { PendingBytes: 2 }).ToBe("----#"));

    [Test]
    public void Two_runs_are_recorded_alike([Range(0, 4)] int seed)
    {
        var first = Recorded();
        Assert.That(Recorded(), Is.EqualTo(first));

        Recording<long> Recorded()
        {
            Recording<long>? recording = null;
            MarbleTest.Run(t =>
            {
                var random = new Random(seed);
                recording = t.Record(Observable.Range(0, 20).SelectMany(async i =>
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(random.Next(5)), t.TimeProvider);
                    await Task.Yield();
                    return (long)i;
                }).Delay(TimeSpan.FromMilliseconds(1), t.Scheduler));
            });
            Assert.That(recording, Has.Count.EqualTo(21));
            return recording!;
        }
    }
}
