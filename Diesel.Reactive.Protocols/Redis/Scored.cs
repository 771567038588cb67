namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A member of a sorted set.</summary>
/// <param name="Member">What it is.</param>
/// <param name="Score">Where it stands; may be infinite.</param>
public readonly record struct Scored(Bytes Member, double Score);
