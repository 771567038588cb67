namespace Diesel.Reactive;

/// <summary>How much a relay has passed on.</summary>
/// <param name="Forth">Bytes from the connection that was relayed.</param>
/// <param name="Back">Bytes to it, from the one it was relayed to.</param>
public readonly record struct RelayCounts(long Forth, long Back);
