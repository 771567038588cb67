namespace Diesel.Reactive.Tests;

/// <summary>What a program may consist of, each as often as its weight says.</summary>
/// <param name="Weights">Verbs and their weights; a verb that ends in <c>#</c> takes an amount.</param>
/// <param name="Triggers">The kinds of notification a step may wait for.</param>
internal sealed record Verbs((string Verb, int Weight)[] Weights, string[] Triggers)
{
    private const int MostSteps = 12;

    // Small enough that all a program sends fits into any window, and into one chunk.
    private static readonly int[] Amounts = [1, 2, 3, 7, 20, 100, 250];

    /// <summary>A program, the same one for the same seed.</summary>
    public IReadOnlyList<Step> Program(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, random.Next(2, MostSteps + 1)).Select(_ => Draw(random))];
    }

    private Step Draw(Random random)
    {
        var end = random.Next(2) == 0 ? 'A' : 'B';
        var ticket = random.Next(Weights.Sum(static w => w.Weight));
        var verb = Weights.First(w => (ticket -= w.Weight) < 0).Verb;
        var amount = Amounts[random.Next(Amounts.Length)];
        var on = random.Next(7) == 0 ? Triggers[random.Next(Triggers.Length)] : null;
        return new Step(end, verb.TrimEnd('#'), verb.EndsWith('#') ? amount : 0, on, Waits: random.Next(4) != 0);
    }
}
