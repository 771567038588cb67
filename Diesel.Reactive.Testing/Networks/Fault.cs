namespace Diesel.Reactive.Testing;

/// <summary>One thing that went wrong, or is to go wrong, on a <see cref="VirtualNetwork"/>.</summary>
/// <param name="Kind">What.</param>
/// <param name="Link">Where: <c>client→server</c> one way, <c>client↔server</c> both ways; for what happens to a host, its
/// name.</param>
/// <param name="Ordinal">Which of its kind there, from 0: the how manyth datagram, packet or chunk it struck.</param>
/// <param name="At">When, from the network's instant zero.</param>
/// <remarks>Kind, link and ordinal name a fault: with one seed it is drawn the same, whatever else happens. Where it is one of the only faults that
/// may strike, <see cref="After"/>, <see cref="Lasts"/> and <see cref="Bytes"/> say how hard, as far as the seed could have drawn that; those that
/// are null stay as they are drawn, and <see cref="At"/> does not matter.</remarks>
public sealed record Fault(FaultKind Kind, string Link, int Ordinal, TimeSpan At = default)
{
    /// <summary>How long after <see cref="Simulation.Inject(FaultKind, string, TimeSpan, TimeSpan)"/> it began; null for what is not injected.</summary>
    public TimeSpan? After { get; init; }

    /// <summary>How long it lasted, until its end; of a delay, how long the packet was under way. Null for what is over at once.</summary>
    public TimeSpan? Lasts { get; init; }

    /// <summary>How many bytes a cut has left to its chunk; null for other faults.</summary>
    public int? Bytes { get; init; }
}
