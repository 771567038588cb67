using System.Diagnostics;

namespace Diesel.Reactive.Tests;

/// <summary>Work that comes from another thread just as the loop goes to sleep: no wake-up is lost.</summary>
public class HandOverTests
{
    private static int Soak => Live.IsSoak ? 10 : 1;

    // It posts when the hub has run what came before and is on its way to sleep, a random part of that way. One wake-up lost, and the
    // hub sleeps for ever.
    [TestCase(0, 200_000)]
    [TestCase(3, 200_000)]
    [TestCase(100, 100_000)]
    public void Of_many_none_is_lost(double spin, int count)
    {
        using var hub = Epoll(spin);
        var (ran, random) = (0, new Random(count));
        Action<object?> counts = _ => Volatile.Write(ref ran, ran + 1);
        for (var sent = 1; sent <= count * Soak; sent++)
        {
            hub.Post(counts);
            Assert.That(Comes(ref ran, sent), Is.True, $"Wake-up {sent} was lost.");
            Thread.SpinWait(random.Next(30));
        }
    }

    [Test]
    public void Between_hubs_none_is_lost([Values(0, 3, 100)] int spin, [Values] bool portable)
    {
        var options = new HubOptions { Spin = TimeSpan.FromMicroseconds(spin), Portable = portable };
        using var here = new Hub(options);
        using var there = new Hub(options);
        using var done = new ManualResetEventSlim();
        var left = 20_000 * Soak;
        void Serve(object? _) => there.Post(Return);
        void Return(object? _)
        {
            if (Interlocked.Decrement(ref left) == 0)
            {
                done.Set();
            }
            else
            {
                here.Post(Serve);
            }
        }

        here.Post(Serve);
        Assert.That(done.Wait(Live.Patience), Is.True, $"{left} were left.");
    }

    [Test]
    public void Of_storms_of_many_threads_all_is_run([Values(0, 3, 100)] int spin)
    {
        using var hub = Epoll(spin);
        var ran = 0;
        Action<object?> count = _ => ran++;
        const int Threads = 3, Storms = 2000, Posts = 10;
        var posted = 0;
        for (var storm = 0; storm < Storms * Soak; storm++)
        {
            Parallel.For(0, Threads, _ =>
            {
                for (var i = 0; i < Posts; i++)
                {
                    hub.Post(count);
                }
            });
            posted += Threads * Posts;
            Assert.That(Comes(ref ran, posted), Is.True, $"Storm {storm}: {ran} of {posted} ran.");
        }
    }

    [Test]
    public void A_hub_that_is_disposed_as_it_goes_to_sleep_ends()
    {
        for (var round = 0; round < 300 * Soak; round++)
        {
            var hub = Epoll(round % 3);
            hub.Post(static _ => { });
            Thread.SpinWait(round % 300);
            var ends = Task.Run(hub.Dispose);
            Assert.That(ends.Wait(TimeSpan.FromSeconds(4)), Is.True, $"Round {round}.");
        }
    }

    // Without sleeping, as the moment after it came counts.
    private static bool Comes(ref int ran, int count)
    {
        var began = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref ran) != count)
        {
            Thread.SpinWait(1);
            if (Stopwatch.GetElapsedTime(began) > Live.Patience)
            {
                return false;
            }
        }

        return true;
    }

    private static Hub Epoll(double spin) => new(new HubOptions { Spin = TimeSpan.FromMicroseconds(spin) });
}
