using System.Diagnostics;

namespace Diesel.Reactive.Tests;

/// <summary>Runs programs on the virtual network and on a real one, step by step, and compares what both ends are told.</summary>
/// <param name="expected">The virtual network.</param>
/// <param name="real">The other one.</param>
/// <param name="actor">Makes the actor of an end.</param>
/// <param name="allowances">The differences that are none.</param>
internal sealed class Differential(Ground expected, Ground real, Func<ITransport, Hub, Actor> actor, IReadOnlyList<Allowance> allowances)
{
    private const int MostAttempts = 3;

    private static readonly TimeSpan MostShrinking = TimeSpan.FromSeconds(10);

    /// <summary>How many programs were compared only in part, by reason.</summary>
    public Dictionary<string, int> Allowed { get; } = [];

    /// <summary>How many programs differed once, and not again.</summary>
    public int Flukes { get; private set; }

    /// <summary>Runs a program on both.</summary>
    /// <param name="program">What both ends do.</param>
    /// <param name="attempts">How often it has to differ.</param>
    /// <returns>Null, or where they differ for no reason that is allowed, time after time.</returns>
    public Difference? Compare(IReadOnlyList<Step> program, int attempts = MostAttempts)
    {
        var predicted = expected.Run(() => Play(expected, program, null));
        Difference? difference = null;
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            difference = Against(program, predicted);
            if (difference is null)
            {
                Flukes += attempt > 0 ? 1 : 0;
                return null;
            }
        }

        return difference;
    }

    /// <summary>The least part of a program that still differs.</summary>
    public IReadOnlyList<Step> Shrink(IReadOnlyList<Step> program)
    {
        var began = Stopwatch.StartNew();
        real.IsHasty = true;
        for (var size = Math.Max(program.Count / 2, 1); size >= 1 && began.Elapsed < MostShrinking;)
        {
            var shorter = Enumerable.Range(0, program.Count - size + 1).Select(IReadOnlyList<Step> (at) => [.. program.Take(at), .. program.Skip(at + size)])
                .FirstOrDefault(candidate => began.Elapsed < MostShrinking && Compare(candidate, attempts: 2) is not null);
            program = shorter ?? program;
            size = Math.Min(shorter is null ? size / 2 : size, program.Count);
        }

        real.IsHasty = false;
        return program;
    }

    /// <summary>A program and how it differs, for a reader.</summary>
    public static string Describe(IReadOnlyList<Step> program, Difference difference) => $"""
        {string.Join("\n", program.Select((step, i) => $"  {step}{(i == difference.Done.Count - 1 ? "      <- differs here" : "")}"))}
          {"virtual",-8} {difference.Expected}
          {difference.Ground,-8} {difference.Actual}
        """;

    private Difference? Against(IReadOnlyList<Step> program, List<Sight> predicted)
    {
        var seen = real.Run(() => Play(real, program, predicted));
        var at = Enumerable.Range(0, seen.Count).FirstOrDefault(i => seen[i] != predicted[i], -1);
        if (at < 0)
        {
            return null;
        }

        var difference = new Difference(real.Name, [.. program.Take(LastStepBefore(program, at) + 1)], predicted[at], seen[at]);
        if (Reason(difference) is not { } reason)
        {
            return difference;
        }

        Allowed[reason.Why] = Allowed.GetValueOrDefault(reason.Why) + 1;
        return null;
    }

    private Allowance? Reason(Difference difference) => allowances.FirstOrDefault(allowance => allowance.Explains(difference));

    private static bool IsBarrier(IReadOnlyList<Step> program, int step) =>
        step == program.Count - 1 || program[step].Waits || program[step].End != program[step + 1].End;

    private static int LastStepBefore(IReadOnlyList<Step> program, int point) =>
        Enumerable.Range(0, program.Count).Where(step => IsBarrier(program, step)).ElementAt(point);

    // Up to the end, or to the first point that is not as predicted.
    private async Task<List<Sight>> Play(Ground ground, IReadOnlyList<Step> program, List<Sight>? predicted)
    {
        var (a, b) = await ground.Wire();
        var (actorA, actorB) = (actor(a, ground.Hub), actor(b, ground.Hub));
        ground.Errors.Clear();
        var seen = new List<Sight>();
        for (var i = 0; i < program.Count && (predicted is null || seen.SequenceEqual(predicted.Take(seen.Count))); i++)
        {
            (program[i].End == 'A' ? actorA : actorB).Play(program[i]);
            if (IsBarrier(program, i))
            {
                await ground.Quiet(() => predicted is null || See() == predicted[seen.Count], () => Reason(Differing(i)) is not null);
                seen.Add(See());
            }
        }

        actorA.Leave();
        actorB.Leave();
        return seen;

        Sight See() => new(actorA.Story, actorB.Story, string.Join(' ', ground.Errors));
        Difference Differing(int step) => new(ground.Name, [.. program.Take(step + 1)], predicted![seen.Count], See());
    }
}
