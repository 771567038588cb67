namespace Diesel.Reactive.Testing;

/// <summary>When a test expects a source to be listened to.</summary>
public sealed class SubscriptionExpectation : IExpectation
{
    private readonly MarbleRun _run;
    private readonly MarblePlace _place;
    private readonly IMarbleSource _source;
    private readonly IReadOnlyList<MarbleSubscription> _actual;
    private List<MarbleSubscription>? _expected;

    internal SubscriptionExpectation(MarbleRun run, IMarbleSource source, IReadOnlyList<MarbleSubscription> actual, MarblePlace place) =>
        (_run, _source, _actual, _place) = (run, source, actual, place);

    /// <summary>The source shall have these subscriptions and no other.</summary>
    /// <param name="subscriptions">One diagram for each, in the order of subscribing: <c>^</c> subscribes and <c>!</c>
    /// unsubscribes. A source's own end unsubscribes too. None, or without a <c>^</c>: nobody subscribes.</param>
    /// <exception cref="MarbleSyntaxException">A diagram breaks the rules.</exception>
    public void ToBe(params ReadOnlySpan<string> subscriptions)
    {
        var expected = new List<MarbleSubscription>();
        foreach (var subscription in subscriptions)
        {
            if (MarbleSubscription.Parse(subscription, _run.Options.Dialect) is { } span)
            {
                expected.Add(span);
            }
        }

        _expected = expected;
    }

    MarbleReport? IExpectation.Judge()
    {
        if (_expected is null)
        {
            return MarbleRun.Failure($"Subscriptions of {_source.Row.Label} are observed but none expected: say .ToBe(...).", _place);
        }

        if (_expected.SequenceEqual(_actual))
        {
            return null;
        }

        var (expected, actual) = (Rows("expected", _expected), Rows("actual", _actual));
        var text = $"Subscriptions of {_source.Row.Label} differ ({_place}): expected {_expected.Count}, were {_actual.Count}"
            + Environment.NewLine + MarbleTable.Draw([_source.Row, .. expected, .. actual]);
        return new(text, text, [_source.Row], expected, actual);
    }

    MarbleRow? IExpectation.Row() => null;

    private static MarbleRow[] Rows(string label, IReadOnlyList<MarbleSubscription> subscriptions) =>
        [.. subscriptions.Select(each => new MarbleRow(label, Diagram(each)))];

    private static MarbleDiagram Diagram(MarbleSubscription subscription)
    {
        var subscribed = new MarbleEvent(subscription.Subscribed, MarbleKind.Subscribed);
        return subscription.Unsubscribed is { } end
            ? new([subscribed, new(end, MarbleKind.Unsubscribed)], end)
            : new([subscribed], subscribed.Time);
    }
}
