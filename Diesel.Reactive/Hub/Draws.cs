using System.Runtime.CompilerServices;

namespace Diesel.Reactive;

/// <summary>Chance in eight bytes: splitmix64. What lives in virtual time draws the same in each run, and no two things alike.</summary>
/// <remarks>A mutable struct: keep it in a field that is not readonly.</remarks>
internal struct Draws(ulong seed)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    // Numbers of what was made under one virtual clock, whichever of its hubs it lives on.
    private static readonly ConditionalWeakTable<object, StrongBox<long>> Made = [];

    private ulong _state = seed;

    /// <summary>A seed for something that lives on a hub.</summary>
    public static ulong SeedFor(Hub hub) => hub.IsVirtual
        ? (ulong)Interlocked.Increment(ref Made.GetValue(hub.Clock, static _ => new()).Value)
        : (ulong)Random.Shared.NextInt64();

    /// <summary>Evenly from 0 to below 1.</summary>
    public double Next() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Evenly from 0 to below a count.</summary>
    public int Next(int count) => (int)(Next() * count);

    private ulong NextBits()
    {
        _state += Step;
        var bits = _state;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
