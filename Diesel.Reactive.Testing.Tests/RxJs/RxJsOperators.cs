using System.Globalization;
using System.Reactive;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>The operators of RxJS, as Rx calls and has them.</summary>
internal static class RxJsOperators
{
    public static IObservable<string> Build(RxJsNode node, MarbleTest t, IReadOnlyList<IObservable<string>> hots)
    {
        var clock = t.Scheduler;
        var (a, b, c) = (0, 1, 2);
        IObservable<string> Of(int i) => Build(node.Source(i), t, hots);
        TimeSpan Ms(int i) => TimeSpan.FromMilliseconds(node.Number(i));

        // Between two frames: which of two timers of one frame comes first is each library's own affair.
        TimeSpan Between(int i) => TimeSpan.FromMilliseconds(node.Number(i) + 0.5);
        return node.Operator switch
        {
            "hot" => hots[node.Number(a)],
            "cold" => t.Cold(node.Text(a)),
            "of" => Now(node.Args.Cast<string>()),
            "empty" => Now([]),
            "never" => Observable.Never<string>(),
            "throw" => Observable.Create<string>(static observer =>
            {
                observer.OnError(new MarbleException("thrown"));
                return static () => { };
            }),
            "timer" => Observable.Timer(Ms(a), clock).Select(Text),
            "interval" => Observable.Interval(Ms(a) + (Ms(c) / 16), clock).Take(node.Number(b)).Select(Text),

            "map" => Of(a).Select(static x => x + "m"),
            "filter" => Of(a).Where(static x => !x.Contains('b')),
            "take" => Of(b).Take(node.Number(a)),
            "skip" => Of(b).Skip(node.Number(a)),
            "takeLast" => Last(Of(b), node.Number(a)),
            "skipLast" => Of(b).SkipLast(node.Number(a)),
            "takeWhile" => Of(a).TakeWhile(static x => !x.Contains('c')),
            "skipWhile" => Of(a).SkipWhile(static x => x.Contains('a')),
            "distinctUntilChanged" => Of(a).DistinctUntilChanged(),
            "distinct" => Of(a).Distinct(),
            "scan" => Of(a).Scan("s", static (sum, x) => sum + x),
            "scanBare" => Of(a).Scan(static (sum, x) => sum + x),
            "reduce" => Of(a).Aggregate("r", static (sum, x) => sum + x),
            "count" => Of(a).Count().Select(Text),
            "startWith" => Now(["x"]).Concat(Of(a)),
            "endWith" => Of(a).Concat(Now(["y"])),
            "defaultIfEmpty" => Of(a).DefaultIfEmpty("d"),
            // As RxJS has it, whose delay lets the end pass at once.
            "delay" => Of(b).SelectMany(x => Observable.Timer(Ms(a), clock).Select(_ => x)),
            "debounceTime" => Of(b).Throttle(Between(a), clock),
            "debounce" => Of(b).Throttle(_ => Observable.Timer(Between(a), clock)),
            "delayWhen" => Of(b).Delay(x => Observable.Timer(x.Contains('a') ? Ms(a) : TimeSpan.FromMilliseconds(1), clock)),
            "timeout" => Of(b).Timeout(Between(a), clock),
            "bufferCount" => Of(b).Buffer(node.Number(a)).Select(Text),
            "windowCount" => Of(b).Window(node.Number(a)).SelectMany(static window => window.ToList()).Select(Text),
            "toArray" => Of(a).ToList().Select(Text),
            "catchError" => Of(a).Catch(Of(b)),
            "retry" => Of(b).Retry(node.Number(a)),
            "repeat" => Of(b).Repeat(node.Number(a)),
            "materialize" => Of(a).Materialize().Select(Told),
            "dematerialize" => Of(a).Materialize().Skip(1).Dematerialize(),
            "ignoreElements" => Of(a).IgnoreElements(),
            "isEmpty" => Of(a).IsEmpty().Select(Text),
            "every" => Of(a).All(static x => x.Length < 3).Select(Text),
            "find" => Of(a).Where(static x => x.Contains('b')).FirstOrDefaultAsync().Select(static x => x ?? "none"),
            "first" => Of(a).FirstAsync(),
            "last" => Of(a).LastAsync(),
            "elementAt" => Of(b).ElementAt(node.Number(a)),
            "groupBy" => Of(a).GroupBy(Letter).SelectMany(static group => group.Select(x => group.Key + x)),
            "share" => Observable.Defer(() =>
            {
                // What tells all it has at once has ended when the second listens, and RxJS begins anew.
                var one = Of(a).SelectMany(x => Observable.Timer(TimeSpan.FromMilliseconds(0.5), clock).Select(_ => x)).Publish().RefCount();
                return Observable.Merge(one, one.Select(static x => x + "s"));
            }),
            "timestamp" => Of(a).Select(x => x + clock.Elapsed.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)),
            "finalize" => Of(a).Finally(static () => { }),
            "tap" => Of(a).Do(static x => { if (x.Contains("cc")) throw new MarbleException("tapped"); }),

            // Concat would keep an error of the outer stream for the end of the inner one.
            "concatMap" => Of(a).Select(x => Of(b).Select(y => x + y)).Merge(1),
            "mergeMap" => Of(a).SelectMany(x => Of(b).Select(y => x + y)),
            "switchMap" => Of(a).Select(x => Of(b).Select(y => x + y)).Switch(),
            "merge" => Of(a).Merge(Of(b)),
            "mergeOne" => Observable.Merge([Of(a), Of(b), Of(c)], 1),
            "concat" => Of(a).Concat(Of(b)),
            // Begun with a value, since Rx ends where one source ends without any, and RxJS goes on.
            "combineLatest" => Now(["x"]).Concat(Of(a)).CombineLatest(Now(["x"]).Concat(Of(b)), Both),
            "withLatestFrom" => Of(a).WithLatestFrom(Of(b), Both),
            "race" => Of(a).Amb(Of(b)),
            "takeUntil" => Of(a).TakeUntil(Of(b)),
            "onErrorResumeNext" => Of(a).OnErrorResumeNext(Of(b)),
            "forkJoin" => ObservableEx.ForkJoin(Of(a), Of(b)).Select(Text),
            _ => throw new InvalidOperationException($"There is no operator {node.Operator}."),
        };
    }

    public static string Message(Exception error) => error switch
    {
        TimeoutException => "timeout",
        MarbleException => error.Message,
        InvalidOperationException or ArgumentOutOfRangeException => "empty",
        _ => error.ToString(),
    };

    // At once, as RxJS has it, and not by the trampoline of Rx.
    private static IObservable<string> Now(IEnumerable<string> values) => values.ToArray().ToObservable(System.Reactive.Concurrency.Scheduler.Immediate);

    private static IObservable<string> Last(IObservable<string> source, int count) =>
        source.TakeLast(count, System.Reactive.Concurrency.Scheduler.Immediate);

    private static string Told(Notification<string> note) =>
        note.Kind switch { NotificationKind.OnNext => $"N{note.Value}", NotificationKind.OnError => $"E{Message(note.Exception!)}", _ => "C" };

    private static string Letter(string value) => value.FirstOrDefault(static c => c is >= 'a' and <= 'z') is var c and not '\0' ? c.ToString() : "-";

    private static string Both(string one, string other) => $"[{one},{other}]";

    private static string Text(IList<string> values) => $"[{string.Join(',', values)}]";

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(bool value) => value ? "true" : "false";
}
