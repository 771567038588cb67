using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Compares what diagrams say, as an expectation of a test does.</summary>
public static class Compared
{
    /// <summary>The report about texts that spell themselves.</summary>
    public static string Report(string expected, string actual, params (string Label, string Marbles)[] context) =>
        Report(expected, Told<string>(actual), [], context);

    /// <summary>The report about values with names, which stand in the title's place.</summary>
    public static string Report<T>(string expected, Recording<T> actual, (string Name, T Value)[] values, params (string Label, string Marbles)[] context) =>
        Text(Compare(expected, actual, new MarbleValues<T>(values), context));

    public static MarbleReport? Compare<T>(string expected, Recording<T> actual, MarbleValues<T> values, params (string Label, string Marbles)[] context) =>
        new MarbleComparison<T>("keys.Throttle(…)", "/tests/ThrottleTests.cs", 42, Expect(expected, values), actual, values, Rows(context)).Compare();

    public static MarbleReport? Subscriptions(string[] expected, string[] actual, params (string Label, string Marbles)[] context) =>
        new SubscriptionComparison("keys", "/tests/ThrottleTests.cs", 43, [.. expected.Select(Subscription)], [.. actual.Select(Subscription)], Rows(context)).Compare();

    /// <summary>What was told, as a diagram with these names.</summary>
    public static Recording<T> Told<T>(string marbles, params (string Name, T Value)[] values) => new MarbleValues<T>(values).Resolve(MarbleDiagram.Parse(marbles));

    public static Recording<T> Told<T>(string marbles, Exception error) => new MarbleValues<T>([], error).Resolve(MarbleDiagram.Parse(marbles));

    /// <summary>The text behind the heading, with line feeds.</summary>
    public static string Text(MarbleReport? report) => report!.Text.ReplaceLineEndings("\n").Split("\n\n", 2)[1];

    internal static List<ExpectedNotification<T>> Expect<T>(string marbles, MarbleValues<T> values)
    {
        var diagram = MarbleDiagram.Parse(marbles);
        var told = diagram.Events.Where(happening => happening.Kind is not (MarbleKind.Subscribed or MarbleKind.Unsubscribed));
        return [.. told.Zip(values.Resolve(diagram), (happening, one) => new ExpectedNotification<T>(
            happening.Time, happening.Kind, happening.Spelling, other => MarbleEquality.Same(one.Notification, other), happening.AnyOrder))];
    }

    private static MarbleDiagram Subscription(string marbles) => MarbleDiagram.Parse(marbles, MarbleRole.Subscription);

    private static List<MarbleRow> Rows((string Label, string Marbles)[] context) =>
        [.. context.Select(row => new MarbleRow(row.Label, MarbleDiagram.Parse(row.Marbles)))];
}
