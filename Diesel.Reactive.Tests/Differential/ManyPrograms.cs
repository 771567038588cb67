namespace Diesel.Reactive.Tests;

/// <summary>Compares two networks by many random programs, several at a time, as most of their time is spent waiting.</summary>
internal sealed class ManyPrograms
{
    private const int Lanes = 16;
    private const int MostFailures = 3;

    private readonly Lock _gate = new();
    private readonly List<string> _failures = [];
    private readonly Dictionary<string, int> _allowed = [];
    private readonly Func<Ground> _real;
    private readonly Verbs _verbs;
    private readonly Func<ITransport, Hub, Actor> _actor;
    private readonly IReadOnlyList<Allowance> _allowances;
    private readonly int _count;
    private int _next = -1;
    private int _flukes;

    private ManyPrograms(Func<Ground> real, int programs, Verbs verbs, Func<ITransport, Hub, Actor> actor, IReadOnlyList<Allowance> allowances) =>
        (_real, _verbs, _actor, _allowances, _count) = (real, verbs, actor, allowances, Live.IsSoak ? 100_000 : programs);

    /// <summary>Fails with the seeds and the least steps of the first programs that differ.</summary>
    /// <param name="real">Makes a network to be compared with the virtual one.</param>
    /// <param name="programs">How many, from seed 0 on; a soak takes 100 000.</param>
    /// <param name="verbs">What programs consist of.</param>
    /// <param name="actor">Makes the actor of an end.</param>
    /// <param name="allowances">The differences that are none.</param>
    public static void Compare(Func<Ground> real, int programs, Verbs verbs, Func<ITransport, Hub, Actor> actor, IReadOnlyList<Allowance> allowances) =>
        new ManyPrograms(real, programs, verbs, actor, allowances).Run();

    private static string Explain(Differential differential, IReadOnlyList<Step> program, Difference difference)
    {
        var shortest = differential.Shrink(program);
        return differential.Compare(shortest) is { } least ? Differential.Describe(shortest, least) : Differential.Describe(program, difference);
    }

    private void Run()
    {
        var lanes = Enumerable.Range(0, Lanes).Select(_ => Task.Factory.StartNew(RunLane, TaskCreationOptions.LongRunning)).ToArray();
        Task.WaitAll(lanes);
        TestContext.Out.WriteLine(string.Join("\n", _allowed.Select(allowed => $"{allowed.Value} programs in part only: {allowed.Key}")));
        TestContext.Out.WriteLine($"{_flukes} of {_count} programs differed once and then no more");
        Assert.That(string.Concat(_failures), Is.Empty);
        Assert.That(_flukes, Is.LessThanOrEqualTo(_count / 100), "Programs that differed once and then no more.");
    }

    private void RunLane()
    {
        using var real = _real();
        using var expected = new VirtualGround { Place = real.Place };
        var differential = new Differential(expected, real, _actor, _allowances);
        for (var seed = Interlocked.Increment(ref _next); seed < _count && !HasFailed(); seed = Interlocked.Increment(ref _next))
        {
            var program = _verbs.Program(seed);
            if (differential.Compare(program) is { } difference)
            {
                Fails($"\nSeed {seed}:\n{Explain(differential, program, difference)}\n");
            }
        }

        lock (_gate)
        {
            _flukes += differential.Flukes;
            foreach (var (why, programs) in differential.Allowed)
            {
                _allowed[why] = _allowed.GetValueOrDefault(why) + programs;
            }
        }
    }

    private bool HasFailed()
    {
        lock (_gate)
        {
            return _failures.Count >= MostFailures;
        }
    }

    private void Fails(string why)
    {
        lock (_gate)
        {
            _failures.Add(why);
        }
    }
}
