namespace Diesel.Reactive.Testing;

/// <summary>When somebody subscribed, and when that was disposed; written <c>--^---!</c>.</summary>
public sealed record MarbleSubscription
{
    /// <summary>Makes one.</summary>
    /// <param name="subscribed">From the instant zero; not before it.</param>
    /// <param name="unsubscribed">Not before <paramref name="subscribed"/>; null: never.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time is before what it must not be before.</exception>
    public MarbleSubscription(TimeSpan subscribed, TimeSpan? unsubscribed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(subscribed, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(unsubscribed ?? subscribed, subscribed, nameof(unsubscribed));
        (Subscribed, Unsubscribed) = (subscribed, unsubscribed);
    }

    /// <summary>From the instant zero.</summary>
    public TimeSpan Subscribed { get; }

    /// <summary>From the instant zero; null: never.</summary>
    public TimeSpan? Unsubscribed { get; }

    /// <summary>Reads a subscription.</summary>
    /// <param name="marbles">A diagram in the role <see cref="MarbleRole.Subscription"/>.</param>
    /// <param name="dialect">Its rules.</param>
    /// <returns>Null when nobody subscribes.</returns>
    /// <exception cref="MarbleSyntaxException">It breaks the rules; or it is disposed before it begins, which RxJS would accept.</exception>
    public static MarbleSubscription? Parse(string marbles, MarbleDialect dialect = MarbleDialect.Strict)
    {
        var events = MarbleDiagram.Parse(marbles, MarbleRole.Subscription, dialect).Events;
        var begin = events.FirstOrDefault(e => e.Kind == MarbleKind.Subscribed);
        var end = events.FirstOrDefault(e => e.Kind == MarbleKind.Unsubscribed);
        if (begin is null) return null;
        return end is null || end.Time >= begin.Time ? new(begin.Time, end?.Time)
            : throw new MarbleSyntaxException(marbles, end.Column, "'!' stands before '^': write '^' where the subscription begins.");
    }

    /// <summary>As a strict diagram, which <see cref="Parse"/> reads.</summary>
    public override string ToString()
    {
        var begin = new MarbleEvent(Subscribed, MarbleKind.Subscribed);
        IReadOnlyList<MarbleEvent> events = Unsubscribed is { } end ? [begin, new(end, MarbleKind.Unsubscribed)] : [begin];
        return new MarbleLayout([new(events, events[^1].Time)]).Text(0);
    }
}
