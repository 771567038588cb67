using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>Compares two networks by many random programs.</summary>
internal static class ManyPrograms
{
    private const int MostFailures = 3;

    /// <summary>Fails with the seeds and the least steps of the first programs that differ.</summary>
    /// <param name="real">The network to be compared with the virtual one; is disposed.</param>
    /// <param name="programs">How many, from seed 0 on; a soak takes 100 000.</param>
    /// <param name="verbs">What programs consist of.</param>
    /// <param name="actor">Makes the actor of an end.</param>
    /// <param name="allowances">The differences that are none.</param>
    public static void Compare(Ground real, int programs, Verbs verbs, Func<ITransport, Hub, Actor> actor, IReadOnlyList<Allowance> allowances)
    {
        using var expected = new VirtualGround();
        using var _ = real;
        var differential = new Differential(expected, real, actor, allowances);
        var count = Live.IsSoak ? 100_000 : programs;
        var failures = new StringBuilder();
        var failed = 0;
        for (var seed = 0; seed < count && failed < MostFailures; seed++)
        {
            var program = verbs.Program(seed);
            if (differential.Compare(program) is { } difference)
            {
                failed++;
                failures.Append(CultureInfo.InvariantCulture, $"\nSeed {seed}:\n{Explain(differential, program, difference)}\n");
            }
        }

        TestContext.Out.WriteLine(string.Join("\n", differential.Allowed.Select(allowed => $"{allowed.Value} programs in part only: {allowed.Key}")));
        TestContext.Out.WriteLine($"{differential.Flukes} programs differed once and then no more");
        Assert.That(failures.ToString(), Is.Empty);
        Assert.That(differential.Flukes, Is.LessThanOrEqualTo(count / 100), "Programs that differed once and then no more.");
    }

    private static string Explain(Differential differential, IReadOnlyList<Step> program, Difference difference)
    {
        var shortest = differential.Shrink(program);
        return differential.Compare(shortest) is { } least ? Differential.Describe(shortest, least) : Differential.Describe(program, difference);
    }
}
