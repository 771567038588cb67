namespace Diesel.Reactive.Protocols.Redis;

/// <summary>On which conditions <c>ZAdd</c> adds members and changes scores.</summary>
public readonly record struct ZAddOptions
{
    /// <summary>Which members.</summary>
    public When When { get; init; }

    /// <summary>Whether a score is only raised (<c>GT</c>); new members are added.</summary>
    public bool OnlyHigher { get; init; }

    /// <summary>Whether a score is only lowered (<c>LT</c>); new members are added.</summary>
    public bool OnlyLower { get; init; }

    /// <summary>Whether members whose score has changed are counted as well (<c>CH</c>).</summary>
    public bool CountChanged { get; init; }

    internal ReadOnlySpan<Bytes> Words() =>
        (Bytes[])[.. When.Words(), .. "GT".If(OnlyHigher), .. "LT".If(OnlyLower), .. "CH".If(CountChanged)];
}
