namespace Diesel.Reactive.Testing;

/// <summary>One token of a strict diagram.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Sign">Its first character.</param>
/// <param name="Column">Where it begins, in UTF-16 units from 0.</param>
/// <param name="Spelling">Of a value.</param>
/// <param name="Ticks">Of a duration.</param>
internal readonly record struct MarbleToken(
    MarbleTokenKind Kind, char Sign, int Column, MarbleSpelling? Spelling = null, long Ticks = 0)
{
    public override string ToString() => Spelling?.ToString() ?? Sign.ToString();
}

internal enum MarbleTokenKind
{
    Dash,
    Duration,
    Open,
    Close,
    Value,
    Completed,
    Failed,
    Subscribed,
    Unsubscribed,
}
