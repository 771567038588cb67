namespace Diesel.Reactive.Tests;

/// <summary>What a program told, each with its frame, and when its hot sources were listened to.</summary>
internal sealed record RxJsAnswer(IReadOnlyList<string> Events, IReadOnlyList<IReadOnlyList<string>> Subscriptions)
{
    // Who leaves at the frame at which it came may not have come at all: whether an operator asks a source that is of no more use is its own affair.
    public override string ToString() => $"{string.Join(' ', Events)} ; {string.Join(" / ", Subscriptions.Select(static hot => string.Join(' ', hot.Where(static each => each.Split('-') is not [var from, var to] || from != to))))}";
}
