namespace Diesel.Reactive.Tests;

/// <summary>Work that comes from another thread just as the loop goes to sleep: no wake-up is lost.</summary>
public class HandOverTests
{
    private static int Soak => Live.IsSoak ? 10 : 1;

    // Two hubs wake each other, each in a random phase of its way to sleep. One wake-up lost, and both sleep for ever.
    [TestCase(0, 100_000)]
    [TestCase(3, 300_000)]
    [TestCase(100, 1_000_000)]
    public void Between_two_hubs_none_is_lost(double spin, int count) => Play(Epoll(spin), Epoll(spin), count * Soak);

    [TestCase(20_000)]
    public void Between_portable_hubs_none_is_lost(int count) =>
        Play(new Hub(new HubOptions { Portable = true }), new Hub(new HubOptions { Portable = true }), count * Soak);

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
            Assert.That(SpinWait.SpinUntil(() => Volatile.Read(ref ran) == posted, Live.Patience), Is.True, $"Storm {storm}: {ran} of {posted} ran.");
        }
    }

    [Test]
    public void A_hub_that_is_disposed_as_it_goes_to_sleep_ends()
    {
        for (var round = 0; round < 300 * Soak; round++)
        {
            var hub = Epoll(round % 3);
            hub.Post(static _ => { });
            Thread.SpinWait(round);
            var ends = Task.Run(hub.Dispose);
            Assert.That(ends.Wait(TimeSpan.FromSeconds(4)), Is.True, $"Round {round}.");
        }
    }

    private static Hub Epoll(double spin) => new(new HubOptions { Spin = TimeSpan.FromMicroseconds(spin) });

    private static void Play(Hub here, Hub there, int count)
    {
        using (here)
        using (there)
        using (var done = new ManualResetEventSlim())
        {
            var (left, random) = (count, new Random(count));
            void Serve()
            {
                Thread.SpinWait(random.Next(8) == 0 ? random.Next(100) : 0);
                there.Post(Return);
            }

            void Return(object? _)
            {
                if (--left == 0)
                {
                    done.Set();
                    return;
                }

                here.Post(static serve => ((Action)serve!)(), (Action)Serve);
            }

            here.Post(static serve => ((Action)serve!)(), (Action)Serve);
            while (!done.Wait(Live.Patience))
            {
                var before = Volatile.Read(ref left);
                Assert.That(done.Wait(Live.Patience) || Volatile.Read(ref left) != before, Is.True, $"A wake-up was lost, {left} hand-overs before the end.");
            }
        }
    }
}
