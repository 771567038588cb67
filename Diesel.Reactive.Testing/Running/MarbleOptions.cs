namespace Diesel.Reactive.Testing;

/// <summary>How a marble test runs.</summary>
public sealed record MarbleOptions
{
    /// <summary>The rules its diagrams follow; default <see cref="MarbleDialect.Strict"/>. In
    /// <see cref="MarbleDialect.RxJs7"/>, names without a value stand for themselves.</summary>
    public MarbleDialect Dialect { get; init; }

    /// <summary>How many actions may run before the test fails with <see cref="EndlessRunException"/>; default
    /// 100 000.</summary>
    public int MaxActions { get; init; } = 100_000;

    /// <summary>The instant at which the test ends although work is left, from the instant zero, for loops that have no end of
    /// their own; null, the default: when no work is left.</summary>
    public TimeSpan? End { get; init; }

    /// <summary>Lets a test pass although errors were reported to its hub; default false.</summary>
    public bool IgnoreHubErrors { get; init; }

    /// <summary>Lets a test pass that expects and records nothing, because it asserts by other means; default false.</summary>
    public bool ExpectNothing { get; init; }
}
