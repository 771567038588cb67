using System.Globalization;
using System.Text.Json.Nodes;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Hot sources, and an observable made of them and others.</summary>
internal sealed record RxJsProgram(IReadOnlyList<string> Hots, RxJsNode Root)
{
    private static readonly string[] OfOne =
    [
        "map", "filter", "takeWhile", "skipWhile", "distinctUntilChanged", "distinct", "scan", "scanBare", "reduce", "count", "startWith", "endWith",
        "defaultIfEmpty", "toArray", "materialize", "dematerialize", "ignoreElements", "isEmpty", "every", "find", "first", "last", "groupBy",
        "share", "timestamp", "finalize", "tap",
    ];

    private static readonly string[] OfOneAndANumber =
    [
        "take", "skip", "takeLast", "skipLast", "delay", "debounceTime", "debounce", "delayWhen", "timeout", "bufferCount", "windowCount", "retry", "repeat",
        "elementAt",
    ];

    private static readonly string[] OfTwo =
    [
        "catchError", "concatMap", "mergeMap", "switchMap", "merge", "concat", "combineLatest", "withLatestFrom", "race", "takeUntil",
        "onErrorResumeNext", "forkJoin",
    ];

    /// <summary>The operators that programs are made of, sources not counted.</summary>
    public static IReadOnlyList<string> Operators { get; } = [.. OfOne, .. OfOneAndANumber, .. OfTwo, "mergeOne"];

    /// <summary>The program of a seed.</summary>
    public static RxJsProgram Of(int seed)
    {
        var random = new Random(unchecked(seed * 16_777_619 + 40_503));
        string[] hots = [.. Enumerable.Range(0, 2).Select(_ => Marbles(random))];
        return new(hots, Node(random, random.Next(2, 6)));
    }

    public string Json() => new JsonObject { ["hots"] = new JsonArray([.. Hots.Select(static hot => (JsonNode)hot)]), ["root"] = Root.Json() }.ToJsonString();

    /// <summary>What it tells in our virtual time, and who listened to its hot sources.</summary>
    public RxJsAnswer Play()
    {
        var events = new List<string>();
        var subscriptions = new List<IReadOnlyList<string>>();
        MarbleTest.Run(t =>
        {
            var hots = Hots.Select(marbles => t.Hot(marbles)).ToArray();
            var source = RxJsOperators.Build(Root, t, hots);
            string Now() => t.Scheduler.Elapsed.TotalMilliseconds.ToString(CultureInfo.InvariantCulture);
            source.Subscribe(value => events.Add($"{Now()}N{value}"), error => events.Add($"{Now()}E{RxJsOperators.Message(error)}"), () => events.Add($"{Now()}C"));
            t.Flush();
            subscriptions.AddRange(hots.Select(IReadOnlyList<string> (hot) => [.. hot.Subscriptions.Select(Text)]));
        }, new() { ExpectNothing = true, Dialect = MarbleDialect.RxJs7 });
        return new(events, subscriptions);
    }

    private static string Text(MarbleSubscription subscription) => string.Create(CultureInfo.InvariantCulture,
        $"{subscription.Subscribed.TotalMilliseconds}-{(subscription.Unsubscribed is { } end ? end.TotalMilliseconds.ToString(CultureInfo.InvariantCulture) : "Infinity")}");

    private static RxJsNode Node(Random random, int depth)
    {
        if (depth == 0)
        {
            return Leaf(random);
        }

        var which = random.Next(Operators.Count);
        var op = Operators[which];
        return op == "mergeOne" ? new(op, Node(random, depth - 1), Leaf(random), Leaf(random))
            : which < OfOne.Length ? new(op, Node(random, depth - 1))
            : which < OfOne.Length + OfOneAndANumber.Length ? new(op, random.Next(1, 5), Node(random, depth - 1))
            : random.Next(2) == 0 ? new(op, Node(random, depth - 1), Node(random, random.Next(depth)))
            : new(op, Node(random, random.Next(depth)), Node(random, depth - 1));
    }

    private static RxJsNode Leaf(Random random) => random.Next(12) switch
    {
        0 => new("of", [.. Enumerable.Range(0, random.Next(4)).Select(object (_) => Letter(random))]),
        1 => new("empty"),
        2 => new("throw"),
        3 => new("timer", random.Next(1, 6)),
        4 => new("interval", random.Next(1, 4), random.Next(1, 4), 1 + (2 * random.Next(8))),
        5 => random.Next(3) == 0 ? new("never") : new("cold", Marbles(random)),
        < 9 => new("hot", random.Next(2)),
        _ => new("cold", Marbles(random)),
    };

    private static string Marbles(Random random)
    {
        var text = "";
        for (var i = random.Next(1, 10); i > 0; i--)
        {
            text += random.Next(8) switch
            {
                < 4 => "-",
                7 when random.Next(2) == 0 => $"({Letter(random)}{Letter(random)})",
                _ => Letter(random),
            };
        }

        return text + (random.Next(5) switch { 0 => "", 1 => "#", _ => "|" });
    }

    private static string Letter(Random random) => ((char)('a' + random.Next(3))).ToString();
}
