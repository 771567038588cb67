namespace Diesel.Reactive.Tests;

/// <summary>A difference between the virtual network and a real one that is none, with the reason. The program is compared up to
/// there: what follows would differ for the same reason.</summary>
/// <param name="Why">Why both are right.</param>
/// <param name="Explains">Whether a difference is of this kind.</param>
internal sealed record Allowance(string Why, Func<Difference, bool> Explains);

/// <summary>How far two runs of a program agree: the first quiet point where they do not.</summary>
/// <param name="Ground">The real network's name.</param>
/// <param name="Step">The number of the last step before that point.</param>
/// <param name="Expected">What A and B had been told on the virtual network.</param>
/// <param name="Actual">What A and B had been told on the real one.</param>
internal sealed record Difference(string Ground, int Step, Sight Expected, Sight Actual);

/// <summary>What both ends had been told at a quiet point, and what the hub reported.</summary>
internal sealed record Sight(string A, string B, string Errors)
{
    public override string ToString() => $"A: {A}   B: {B}{(Errors.Length > 0 ? $"   errors: {Errors}" : "")}";
}
