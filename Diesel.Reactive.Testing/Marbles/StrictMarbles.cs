using static Diesel.Reactive.Testing.MarbleTokenKind;

namespace Diesel.Reactive.Testing;

/// <summary>Our own dialect: gives every token of a diagram its time.</summary>
/// <remarks>A token takes one frame whatever its length, a duration its own time. <c>( )</c> takes a frame for each token
/// inside and two for itself, as in RxJS; <c>[ ]</c> and <c>{ }</c> take one. What stands in a group happens at its beginning,
/// or later in its frame: <c>[a 200us b]</c>. In an instant a part may come in any order: <c>[{ab}|]</c>.</remarks>
internal sealed class StrictMarbles(string marbles, MarbleRole role)
{
    /// <summary>How many <c>{ }</c> may hold.</summary>
    public const int MostInAnyOrder = 200;

    private const long Frame = TimeSpan.TicksPerMillisecond;

    private readonly MarbleCursor _cursor = new(marbles);
    private readonly MarbleOrder _order = new(role);
    private readonly List<MarbleEvent> _events = [];
    private MarbleToken? _group;
    private MarbleToken? _around;
    private int _inGroup;
    private long _began;
    private int _anyOrders;
    private long _now;
    private long _zero;

    public MarbleDiagram Read()
    {
        foreach (var token in new MarbleTokenizer(_cursor).Tokens()) Place(token);
        if (_group is { } open)
            throw Error(open, $"'{open.Sign}' is never closed: write '{Closing(open)}' behind the last that happens at its instant.");
        if (_order.Unfinished is { } problem) throw _cursor.Error(marbles.Length, problem);
        var zero = new TimeSpan(_zero);
        return new(_zero == 0 ? _events : [.. _events.Select(e => e with { Time = e.Time - zero })], new TimeSpan(_now) - zero, marbles);
    }

    private void Place(MarbleToken token)
    {
        switch (token.Kind)
        {
            case Duration when _group is { Sign: '[' }:
                PassWithin(token);
                break;
            case Dash or Duration when _group is { } group:
                throw Error(token, $"No time passes between '{group.Sign}' and '{Closing(group)}': write it outside.");
            case Dash or Duration:
                Pass(token, token.Kind == Dash ? Frame : token.Ticks);
                break;
            case Open:
                Enter(token);
                break;
            case Close:
                Leave(token);
                break;
            default:
                Tell(token);
                break;
        }
    }

    private void Enter(MarbleToken open)
    {
        if (_group is { } outer && (outer.Sign, open.Sign) is not ('[', '{'))
            throw Error(open, $"A group stands in a group: close the first with '{Closing(outer)}' before.");
        if (open.Sign == '{' && role is not (MarbleRole.Expected or MarbleRole.Any))
            throw Error(open, "'{ }', any order, belongs in expectations: write '[ ]', in this order.");
        if (open.Sign == '{') _anyOrders++;
        if (_group is null) _began = _now;
        (_around, _group, _inGroup) = (_group, open, 0);
    }

    private void Leave(MarbleToken close)
    {
        if (_group is not { } open)
            throw Error(close, $"'{close.Sign}' closes nothing: write '{Opening(close)}' before the first that happens at its instant.");
        if (close.Sign != Closing(open))
            throw Error(close, $"'{open.Sign}' is closed by '{Closing(open)}', not by '{close.Sign}'.");
        if (_inGroup == 0) throw Error(open, "The group is empty: write '-' where nothing happens.");
        (_group, _around) = (_around, null);
        if (_group is not null) return;
        _now = _began;
        Pass(close, open.Sign == '(' ? (_inGroup + 2) * Frame : Frame);
    }

    private void Tell(MarbleToken token)
    {
        var anyOrder = _group?.Sign == '{';
        if (anyOrder && token.Kind != Value)
            throw Error(token, $"'{token.Sign}' has its place in the order: write it behind the '}}'.");
        if (anyOrder && _inGroup == MostInAnyOrder)
            throw Error(token, $"'{{ }}' holds at most {MostInAnyOrder}: write what has its place in the order outside.");
        if (_order.Refuse(token) is { } problem) throw Error(token, problem);
        if (token.Kind == Subscribed && role is MarbleRole.Hot or MarbleRole.Any) _zero = _now;
        _events.Add(new(new(_now), KindOf(token), token.Spelling, token.Column, anyOrder ? _anyOrders : 0));
        if (_group is null) Pass(token, Frame);
        else _inGroup++;
    }

    private void PassWithin(MarbleToken token)
    {
        if (token.Ticks >= Frame - (_now - _began))
            throw Error(token, "'[ ]' is one frame, over after 1ms: write what happens then behind the ']'.");
        Pass(token, token.Ticks);
    }

    private void Pass(MarbleToken token, long ticks)
    {
        if (ticks > TimeSpan.MaxValue.Ticks - _now)
            throw Error(token, "The diagram is longer than a TimeSpan can be: write shorter durations.");
        _now += ticks;
    }

    private MarbleSyntaxException Error(MarbleToken token, string problem) => _cursor.Error(token.Column, problem);

    private static char Closing(MarbleToken open) => open.Sign switch { '(' => ')', '[' => ']', _ => '}' };

    private static char Opening(MarbleToken close) => close.Sign switch { ')' => '(', ']' => '[', _ => '{' };

    private static MarbleKind KindOf(MarbleToken token) => token.Kind switch
    {
        Completed => MarbleKind.Completed,
        Failed => MarbleKind.Failed,
        Subscribed => MarbleKind.Subscribed,
        Unsubscribed => MarbleKind.Unsubscribed,
        _ => MarbleKind.Value,
    };
}
