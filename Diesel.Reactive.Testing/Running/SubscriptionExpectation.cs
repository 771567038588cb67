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
    /// <exception cref="InvalidOperationException">They were said before.</exception>
    public void ToBe(params ReadOnlySpan<string> subscriptions)
    {
        if (_expected is not null)
        {
            throw new InvalidOperationException($"The subscriptions of {_source.Row.Label} were said before: give all of them to one ToBe.");
        }

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

        var row = _source.Row;
        return new SubscriptionComparison(
            row.Label, _place.File, _place.Line, [.. _expected.Select(Diagram)], [.. _actual.Select(Diagram)], [row]).Compare();
    }

    MarbleRow? IExpectation.Row() => null;

    private static MarbleDiagram Diagram(MarbleSubscription subscription)
    {
        var subscribed = new MarbleEvent(subscription.Subscribed, MarbleKind.Subscribed);
        return subscription.Unsubscribed is { } end
            ? new([subscribed, new(end, MarbleKind.Unsubscribed)], end)
            : new([subscribed], subscribed.Time);
    }
}
