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

    /// <summary>How long, in real time, virtual time waits at each instant for what the test began outside of it: <c>Task.Run</c>, real input and
    /// output, timers of the system. Zero, the default: not at all, and such work fails the test. With more, one at a time of the threads that work
    /// for the test may touch it; what comes out, and when, is then as certain as real time is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    /// <remarks>Async code that waits without a context (<c>ConfigureAwait(false)</c>) needs no time: what completes it within virtual time
    /// lets it go on at that instant.</remarks>
    public TimeSpan Settle
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            field = value;
        }
    }
}
