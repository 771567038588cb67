using System.Diagnostics;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Timing;

/// <summary>What one peer's timers cost in one round, and how late they came.</summary>
/// <param name="OneByOne">Each is cancelled before the next is set.</param>
/// <param name="Together">All are set, then all are cancelled.</param>
/// <param name="InAll">CPU nanoseconds of the process for each timer, up to when it would have been due.</param>
/// <param name="Early">Timers that fired before they were due.</param>
/// <param name="Lateness">Of those that fired, in microseconds, in order.</param>
internal sealed record TimerRound(TimerCost OneByOne, TimerCost Together, double InAll, int Early, double[] Lateness)
{
    const int Longest = 500;

    static readonly TimeSpan FarAway = TimeSpan.FromSeconds(60);
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static TimerRound Measure(string peer, int count, int fired)
    {
        var oneByOne = Cost(peer, count, SetAndCancelEach);
        var together = Cost(peer, count, SetAllAndCancelAll);
        var inAll = CostUntilDue(peer, count);
        var lateness = Fire(peer, fired);
        return new TimerRound(oneByOne, together, inAll, lateness.Count(late => late < 0), lateness);
    }

    public double? Late(double fraction) => Lateness.Length == 0 ? null : Lateness[(int)((Lateness.Length - 1) * fraction)];

    static TimerCost Cost(string peer, int count, Action<TimerBed, int> work)
    {
        using var bed = TimerBed.Make(peer);
        var elapsed = TimeSpan.Zero;
        bed.Run(() => work(bed, count / 100));
        var before = MemoryUse.Settled();
        bed.Run(() =>
        {
            var clock = Stopwatch.StartNew();
            work(bed, count);
            elapsed = clock.Elapsed;
        });
        var held = MemoryUse.Settled() - before;
        return new TimerCost(elapsed.TotalNanoseconds / count, Math.Max(0, held) / (double)count);
    }

    // Who only marks a timer as cancelled pays for it later, on the same thread.
    static double CostUntilDue(string peer, int count)
    {
        using var bed = TimerBed.Make(peer);
        var random = new Random(1);
        var before = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        bed.Run(() =>
        {
            for (var i = 0; i < count; i++)
            {
                bed.Set(Soon + TimeSpan.FromMicroseconds(random.Next(1, 200_000)), Nothing).Dispose();
            }
        });
        var end = Soon + TimeSpan.FromMilliseconds(300);
        Thread.Sleep(end > clock.Elapsed ? end - clock.Elapsed : TimeSpan.Zero);
        bed.Run(Nothing);
        return (Environment.CpuUsage.TotalTime - before).TotalNanoseconds / count;
    }

    static void SetAndCancelEach(TimerBed bed, int count)
    {
        for (var i = 0; i < count; i++)
        {
            bed.Set(FarAway, Nothing).Dispose();
        }
    }

    static void SetAllAndCancelAll(TimerBed bed, int count)
    {
        var timers = new IDisposable[count];
        for (var i = 0; i < count; i++)
        {
            timers[i] = bed.Set(FarAway, Nothing);
        }

        foreach (var timer in timers)
        {
            timer.Dispose();
        }
    }

    // Whole milliseconds, which is all that the runtime's own timers know.
    static double[] Fire(string peer, int count)
    {
        using var bed = TimerBed.Make(peer);
        using var left = new CountdownEvent(count);
        var random = new Random(1);
        var lateness = new double[count];
        var timers = new IDisposable[count];
        bed.Run(() =>
        {
            for (var i = 0; i < count; i++)
            {
                var (at, due) = (i, TimeSpan.FromMilliseconds(random.Next(1, Longest)));
                var begin = Stopwatch.GetTimestamp();
                timers[i] = bed.Set(due, () =>
                {
                    lateness[at] = (Stopwatch.GetElapsedTime(begin) - due).TotalMicroseconds;
                    left.Signal();
                });
            }
        });
        if (!left.Wait(Patience))
        {
            throw new NoResultException($"{left.CurrentCount} timers of {peer} did not fire");
        }

        GC.KeepAlive(timers);
        Array.Sort(lateness);
        return lateness;
    }

    static readonly Action Nothing = static () => { };
}

/// <summary>Of each timer: time to set and cancel it, and bytes it still holds afterwards.</summary>
internal sealed record TimerCost(double Nanoseconds, double HeldBytes);
