using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Compares what diagrams say, as an expectation of a test does.</summary>
public static class Compared
{
    public static string? Report(string expected, string actual, params (string Label, string Marbles)[] context) =>
        Report(expected, Read(actual, new MarbleValues<string>([])), [], null, context);

    public static string? Report<T>(string expected, Recording<T> actual, (string Name, T Value)[] values, Exception? error = null, params (string Label, string Marbles)[] context) =>
        Compare(expected, actual, values, error, context)?.Text.ReplaceLineEndings("\n");

    public static MarbleReport? Compare<T>(
        string expected, Recording<T> actual, (string Name, T Value)[] values, Exception? error = null, (string Label, string Marbles)[]? context = null)
    {
        var names = new MarbleValues<T>(values, error);
        var rows = (context ?? []).Select(row => new MarbleRow(row.Label, MarbleDiagram.Parse(row.Marbles))).ToList();
        return new MarbleComparison<T>("keys.Throttle(…)", "/tests/ThrottleTests.cs", 42, Expect(expected, names), actual, names, rows).Compare();
    }

    internal static string? Report<T>(IReadOnlyList<ExpectedNotification<T>> expected, Recording<T> actual) =>
        new MarbleComparison<T>("many", "", 0, expected, actual, new MarbleValues<T>([]), []).Report()?.ReplaceLineEndings("\n");

    internal static List<ExpectedNotification<T>> Expect<T>(string marbles, MarbleValues<T> values)
    {
        var diagram = MarbleDiagram.Parse(marbles);
        return [.. diagram.Events.Zip(values.Resolve(diagram), (happening, told) => new ExpectedNotification<T>(
            happening.Time, happening.Kind, happening.Spelling, other => MarbleEquality.Same(told.Notification, other), happening.AnyOrder))];
    }

    public static Recording<T> Read<T>(string marbles, MarbleValues<T> values) => values.Resolve(MarbleDiagram.Parse(marbles));

    public static Recording<T> Told<T>(string marbles, Exception? error, params (string Name, T Value)[] values) => Read(marbles, new MarbleValues<T>(values, error));
}
