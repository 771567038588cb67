using static Diesel.Reactive.Testing.MarbleTokenKind;

namespace Diesel.Reactive.Testing;

/// <summary>What may stand in a strict diagram of one role, and after what.</summary>
internal sealed class MarbleOrder(MarbleRole role)
{
    private MarbleToken? _last;
    private bool _subscribed;
    private MarbleToken? _end;

    /// <summary>What is missing now that the text has ended; null: nothing.</summary>
    public string? Unfinished => role == MarbleRole.Time && _end is null ? "A time ends where its '|' stands: write '|' there." : null;

    /// <summary>Why the token cannot stand here; null: it can, and was taken.</summary>
    public string? Refuse(MarbleToken token)
    {
        if ((NotInRole(token) ?? NotNow(token)) is { } problem) return problem;
        if (token.Kind == Subscribed) _subscribed = true;
        if (role != MarbleRole.Window && token.Kind is Completed or Failed or Unsubscribed) _end = token;
        _last = token;
        return null;
    }

    private string? NotInRole(MarbleToken token) => (role, token.Kind) switch
    {
        (MarbleRole.Any, _) => null,
        (MarbleRole.Subscription, Value or Completed or Failed) =>
            $"'{token}' cannot stand in a subscription: write '^' where it begins, '!' where it is disposed, and '-' between.",
        (MarbleRole.Window, Value or Completed or Failed) =>
            $"'{token}' cannot stand in a window: write '^' where it opens, '!' where it closes, and '-' between.",
        (MarbleRole.Time, not Completed) => $"'{token}' cannot stand in a time: write '-' or durations, and '|' where it ends.",
        (MarbleRole.Bytes, Value) when token.Spelling!.Bytes.IsEmpty => "An empty chunk would mean the end: write '|' for the FIN.",
        (MarbleRole.Bytes, Subscribed) => "'^' cannot stand in a row of bytes: it begins with the connection. Write '-'.",
        (MarbleRole.Cold or MarbleRole.Expected, Subscribed) =>
            "'^' belongs in hot sources and subscriptions: write '-'; this diagram begins when it is subscribed.",
        (MarbleRole.Hot or MarbleRole.Cold or MarbleRole.Expected, Unsubscribed) =>
            "'!' belongs in subscriptions: write '|' for the completion, '#' for the error, or a subscription of its own.",
        _ => null,
    };

    private string? NotNow(MarbleToken token) => token.Kind switch
    {
        _ when _end is { } end && !IsZero(token) && !IsEndOfHalf(end, token) =>
            $"Nothing can happen after '{end.Sign}' (column {end.Column + 1}): remove one of the two.",
        Subscribed or Unsubscribed when role == MarbleRole.Window && _last?.Kind == token.Kind =>
            $"A window opens and closes by turns: write '{(token.Kind == Subscribed ? '!' : '^')}' between the two '{token.Sign}'.",
        Subscribed when _subscribed && role != MarbleRole.Window => "A second '^': write one only.",
        Unsubscribed when !_subscribed && role == MarbleRole.Subscription => "'!' stands before any '^': write '^' where the subscription begins.",
        _ => null,
    };

    // A FIN ends one direction; the connection may be reset later.
    private bool IsEndOfHalf(MarbleToken end, MarbleToken token) =>
        role == MarbleRole.Bytes && end.Kind == Completed && token.Kind == Failed;

    // A hot source may have ended before anybody came: '--a|-^'.
    private bool IsZero(MarbleToken token) => token.Kind == Subscribed && role is MarbleRole.Hot or MarbleRole.Any;
}
