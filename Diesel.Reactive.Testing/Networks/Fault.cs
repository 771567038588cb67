namespace Diesel.Reactive.Testing;

/// <summary>One thing that went wrong, or is to go wrong, on a <see cref="VirtualNetwork"/>.</summary>
/// <param name="Kind">What.</param>
/// <param name="Link">Where: <c>client→server</c> one way, <c>client↔server</c> both ways; for what happens to a host, its
/// name.</param>
/// <param name="Ordinal">Which of its kind there, from 0: the how manyth datagram, packet or chunk it struck.</param>
/// <param name="At">When, from the network's instant zero.</param>
/// <remarks>Kind, link and ordinal name a fault: with one seed it is drawn the same, whatever else happens.</remarks>
public sealed record Fault(FaultKind Kind, string Link, int Ordinal, TimeSpan At);
