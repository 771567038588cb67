using System.Diagnostics;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Timing;

/// <summary>What one peer does with work from another thread, in one round.</summary>
/// <param name="Rate">Actions a second, posted by one thread as fast as it can, until the last one has run.</param>
/// <param name="P50">Microseconds to another loop and back, over and over.</param>
/// <param name="P99">The same, for the slowest hundredth.</param>
/// <param name="AsleepP50">Microseconds from a third thread to a loop, to another one and back, when both have slept for a millisecond.</param>
/// <param name="AsleepP99">The same, for the slowest hundredth.</param>
internal sealed record ScheduleRound(double Rate, double P50, double P99, double AsleepP50, double AsleepP99)
{
    static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(1);

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static ScheduleRound Measure(string peer, int count, int trips, int naps)
    {
        var rate = Throughput(peer, count);
        var (awake, asleep) = (RoundTrips(peer, trips), AfterNaps(peer, naps));
        return new ScheduleRound(rate, At(awake, 0.5), At(awake, 0.99), At(asleep, 0.5), At(asleep, 0.99));
    }

    static double Throughput(string peer, int count)
    {
        using var bed = TimerBed.Make(peer);
        using var done = new ManualResetEventSlim();
        var ran = 0;
        Action action = () =>
        {
            if (++ran == count)
            {
                done.Set();
            }
        };
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < count; i++)
        {
            bed.Post(action);
        }

        Await(done, peer);
        return count / clock.Elapsed.TotalSeconds;
    }

    static LatencyHistogram RoundTrips(string peer, int trips)
    {
        using var here = TimerBed.Make(peer);
        using var there = TimerBed.Make(peer);
        using var done = new ManualResetEventSlim();
        var latencies = new LatencyHistogram();
        var left = trips;
        var began = 0L;
        void Begin()
        {
            began = Stopwatch.GetTimestamp();
            there.Post(Answer);
        }

        void Answer() => here.Post(End);

        void End()
        {
            latencies.Add(Stopwatch.GetTimestamp() - began);
            if (--left > 0)
            {
                Begin();
            }
            else
            {
                done.Set();
            }
        }

        here.Post(Begin);
        Await(done, peer);
        return latencies;
    }

    static LatencyHistogram AfterNaps(string peer, int naps)
    {
        using var here = TimerBed.Make(peer);
        using var there = TimerBed.Make(peer);
        using var done = new ManualResetEventSlim(initialState: false, spinCount: 0);
        var latencies = new LatencyHistogram();
        var began = 0L;
        void Begin() => there.Post(Answer);

        void Answer() => here.Post(End);

        void End()
        {
            latencies.Add(Stopwatch.GetTimestamp() - began);
            done.Set();
        }

        for (var nap = 0; nap < naps; nap++)
        {
            Thread.Sleep(Nap);
            done.Reset();
            began = Stopwatch.GetTimestamp();
            here.Post(Begin);
            Await(done, peer);
        }

        return latencies;
    }

    static void Await(ManualResetEventSlim done, string peer)
    {
        if (!done.Wait(Patience))
        {
            throw new NoResultException($"{peer} lost an action");
        }
    }

    static double At(LatencyHistogram latencies, double fraction) => latencies.Percentile(fraction) * 1e6 / Stopwatch.Frequency;
}
