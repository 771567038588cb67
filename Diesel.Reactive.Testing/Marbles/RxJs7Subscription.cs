namespace Diesel.Reactive.Testing;

/// <summary>RxJS 7's subscriptions: at most one <c>^</c> and one <c>!</c>, in any order; the <c>!</c> takes no frame.</summary>
internal sealed class RxJs7Subscription(string marbles) : RxJs7Marbles(marbles)
{
    private readonly HashSet<string> _seen = [];

    protected override (MarbleKind? Kind, int Frames) Meaning(string sign, int column) => sign switch
    {
        "^" or "!" when !_seen.Add(sign) => throw Error(column, $"A second '{sign}': write one only."),
        "^" => (MarbleKind.Subscribed, 1),
        "!" => (MarbleKind.Unsubscribed, 0),
        _ =>
            throw Error(column, $"'{sign}' cannot stand in a subscription: write '^' where it begins, '!' where it is disposed, and '-' between."),
    };
}
