namespace Diesel.Reactive.Testing;

/// <summary>How long bytes are under way on a link: always the same, or drawn anew for each packet.</summary>
/// <remarks>A <see cref="TimeSpan"/> may stand for a latency that is always the same. Jitter never reorders a stream: what
/// was drawn shorter waits for what was sent before it. It may reorder datagrams.</remarks>
public readonly record struct Latency
{
    private Latency(TimeSpan least, TimeSpan most) => (Least, Most) = (least, most);

    /// <summary>The shortest time.</summary>
    public TimeSpan Least { get; }

    /// <summary>The longest time.</summary>
    public TimeSpan Most { get; }

    /// <summary>A latency that is always the same.</summary>
    /// <param name="always">Not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="always"/> is negative.</exception>
    public static implicit operator Latency(TimeSpan always) => FromTimeSpan(always);

    /// <summary>A latency that is always the same.</summary>
    /// <param name="always">Not negative.</param>
    /// <returns>The latency.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="always"/> is negative.</exception>
    public static Latency FromTimeSpan(TimeSpan always) => Between(always, always);

    /// <summary>A latency with jitter: each packet's is drawn evenly.</summary>
    /// <param name="least">The shortest time, not negative.</param>
    /// <param name="most">The longest time, not below <paramref name="least"/>.</param>
    /// <returns>The latency.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A time is negative, or they are in the wrong order.</exception>
    public static Latency Between(TimeSpan least, TimeSpan most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(least, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, least);
        return new Latency(least, most);
    }

    /// <summary>The time, or both with a hyphen between them.</summary>
    public override string ToString() => Least == Most ? $"{Least:c}" : $"{Least:c} - {Most:c}";
}
