using System.Diagnostics;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Timing;

/// <summary>What one peer does with work from another thread, in one round.</summary>
/// <param name="Rate">Actions a second, posted by one thread as fast as it can, until the last one has run.</param>
/// <param name="P50">Microseconds to another loop and back, each asleep when it is asked.</param>
/// <param name="P99">The same, for the slowest hundredth.</param>
internal sealed record ScheduleRound(double Rate, double P50, double P99)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static ScheduleRound Measure(string peer, int count, int trips)
    {
        var rate = Throughput(peer, count);
        var latencies = RoundTrips(peer, trips);
        return new ScheduleRound(rate, Microseconds(latencies.Percentile(0.5)), Microseconds(latencies.Percentile(0.99)));
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

    static void Await(ManualResetEventSlim done, string peer)
    {
        if (!done.Wait(Patience))
        {
            throw new NoResultException($"{peer} lost an action");
        }
    }

    static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
