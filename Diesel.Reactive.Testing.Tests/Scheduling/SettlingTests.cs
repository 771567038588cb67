using System.Threading.Channels;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Async code that waits without a context (<c>ConfigureAwait(false)</c>) goes on at the instant at which what it waits for is there.</summary>
public class SettlingTests
{
    private static readonly int Rounds = Live.IsSoak ? 2000 : 100;

    [Test]
    public void A_channel_between_two_loops() => Told(async (t, tell) =>
    {
        var channel = Channel.CreateBounded<int>(1);
        var reading = Read();
        for (var i = 0; i < 3; i++)
        {
            await channel.Writer.WriteAsync(i).ConfigureAwait(false);
            await Task.Delay(Ms(5), t.TimeProvider).ConfigureAwait(false);
        }

        channel.Writer.Complete();
        await reading.ConfigureAwait(false);

        async Task Read()
        {
            await foreach (var item in channel.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                tell(item);
            }
        }
    }, "0@0 1@5 2@10");

    [Test]
    public void A_semaphore_that_several_wait_for() => Told(async (t, tell) =>
    {
        using var semaphore = new SemaphoreSlim(1);
        await Task.WhenAll(Work(1), Work(2), Work(3)).ConfigureAwait(false);

        async Task Work(int i)
        {
            await semaphore.WaitAsync().ConfigureAwait(false);
            await Task.Delay(Ms(10), t.TimeProvider).ConfigureAwait(false);
            tell(i);
            semaphore.Release();
        }
    }, "1@10 2@20 3@30");

    [Test]
    public void A_pipe() => Told(async (t, tell) =>
    {
        var pipe = new System.IO.Pipelines.Pipe();
        var reading = Read();
        for (var i = 0; i < 3; i++)
        {
            await Task.Delay(Ms(5), t.TimeProvider).ConfigureAwait(false);
            await pipe.Writer.WriteAsync(new byte[i + 1]).ConfigureAwait(false);
        }

        await Task.Delay(Ms(5), t.TimeProvider).ConfigureAwait(false);
        await pipe.Writer.CompleteAsync().ConfigureAwait(false);
        await reading.ConfigureAwait(false);

        async Task Read()
        {
            while (await pipe.Reader.ReadAsync().ConfigureAwait(false) is { IsCompleted: false } read)
            {
                tell((int)read.Buffer.Length);
                pipe.Reader.AdvanceTo(read.Buffer.End);
            }
        }
    }, "1@5 2@10 3@15");

    [Test]
    public void A_source_whose_waiters_are_never_run_by_who_completes_it() => Told(async (t, tell) =>
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = Wait();
        await Task.Delay(Ms(7), t.TimeProvider);
        source.SetResult();
        await waiting;

        async Task Wait()
        {
            await source.Task.ConfigureAwait(false);
            tell(1);
            await Task.Delay(Ms(7), t.TimeProvider).ConfigureAwait(false);
            tell(2);
        }
    }, "1@7 2@14");

    [Test]
    public void In_an_observable_too() => MarbleTest.Run(static t =>
    {
        var gate = new SemaphoreSlim(0);
        t.On("---x", _ => gate.Release());
        t.ExpectObservable(Observable.FromAsync(async () =>
        {
            await gate.WaitAsync().ConfigureAwait(false);
            await Task.Delay(Ms(2), t.TimeProvider).ConfigureAwait(false);
            return "a";
        })).ToBe("-----[a|]");
    });

    [Test]
    public void On_a_thread_of_the_pool_too() => Task.Run(A_semaphore_that_several_wait_for).Wait();

    [Test]
    public void In_a_simulation_too() => Simulation.Run(Rounds, static sim =>
    {
        var (gate, told) = (new SemaphoreSlim(0), TimeSpan.Zero);
        _ = sim.HubOn("a").Fork(async () =>
        {
            await gate.WaitAsync().ConfigureAwait(false);
            told = sim.Elapsed;
        });
        sim.Pass(TimeSpan.FromSeconds(1));
        gate.Release();
        sim.Pass(TimeSpan.FromSeconds(1));
        sim.Check(told == TimeSpan.FromSeconds(1), $"it went on at {told}");
    });

    [Test]
    public void What_is_run_by_who_waits_for_it_is_not_kept_for_ever()
    {
        // A thread of the pool may take what it gave itself. What other runs beside this one wait for is no concern of it.
        var before = PoolWatch.Waiting;
        Task.Run(static () =>
        {
            for (var i = 0; i < 5; i++)
            {
                MarbleTest.Run(
                    static _ => Task.WaitAll(Enumerable.Range(0, 100).Select(static _ => Task.Factory.StartNew(static () => { }, CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Default)).ToArray()),
                    new MarbleOptions { ExpectNothing = true });
            }
        }).Wait();
        Assert.That(PoolWatch.Waiting - before, Is.LessThan(100));
    }

    [Test]
    public void What_real_time_completes_says_so() => Assert.That(
        static () => MarbleTest.RunAsync(static async _ => await Task.Run(static () => Thread.Sleep(5))),
        Throws.InvalidOperationException.With.Message.Contains("virtual time"));

    [Test]
    public Task Real_work_is_waited_for_on_request() => MarbleTest.RunAsync(static async t =>
    {
        await Task.Run(static () => Thread.Sleep(5));
        await Task.Delay(Ms(3), t.TimeProvider);
        await Task.Run(static () => Thread.Sleep(5)).ConfigureAwait(false);
        Assert.That(t.Scheduler.Elapsed, Is.EqualTo(Ms(3)));
    }, new MarbleOptions { Settle = TimeSpan.FromMilliseconds(200), ExpectNothing = true });

    private static void Told(Func<MarbleTest, Action<int>, Task> body, string expected)
    {
        for (var i = 0; i < Rounds; i++)
        {
            var told = new List<string>();
            MarbleTest.RunAsync(t => body(t, what => told.Add(FormattableString.Invariant($"{what}@{t.Scheduler.Elapsed.TotalMilliseconds}"))))
                .GetAwaiter().GetResult();
            Assert.That(string.Join(' ', told), Is.EqualTo(expected), $"round {i}");
        }
    }

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);
}
