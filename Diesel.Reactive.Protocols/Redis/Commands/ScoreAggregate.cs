namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Which score a member gets that several sorted sets have.</summary>
public enum ScoreAggregate
{
    /// <summary>The sum.</summary>
    Sum,

    /// <summary>The lowest.</summary>
    Min,

    /// <summary>The highest.</summary>
    Max,
}
