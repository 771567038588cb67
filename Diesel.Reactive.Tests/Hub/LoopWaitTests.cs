using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>What a loop waits for: many things at once, and the end of the loop interrupts each.</summary>
public class LoopWaitTests
{
    [Test]
    public void Parallel_waits_that_come_out_on_the_thread_pool_end_with_the_loop_and_leave_nothing()
    {
        using var live = new Live();
        Loop loop = null!;
        live.Run(async () =>
        {
            loop = Loop.Current!;
            for (var round = 0; round < 50; round++)
            {
                var promises = Enumerable.Range(0, 20).Select(_ => new AwaitableSource<int>()).ToArray();
                async Task<int> Gets(Awaitable<int> promise) => await promise;
                var all = promises.Select(Gets).ToArray();
                Array.ForEach(promises, static promise => ThreadPool.QueueUserWorkItem(_ => promise.TrySetResult(1)));
                Assert.That((await Task.WhenAll(all)).Sum(), Is.EqualTo(20));
                Assert.That((Hub.Current, Loop.Current), Is.EqualTo((live.Hub, loop)));
                Assert.That(loop.WaitCount, Is.Zero);
            }
        });
        live.Await(loop.Ended);
    }

    [Test]
    public void A_wait_that_is_refused_leaves_nothing_behind()
    {
        using var world = new World();
        world.Play(async () =>
        {
            Assert.That(async () => await new Refusing(), Throws.InvalidOperationException);
            await world.Hub.Sleep();
            Assert.That(Loop.Current!.WaitCount, Is.Zero);
        });
    }

    [Test]
    public void Ending_a_loop_interrupts_its_joining_of_another()
    {
        using var world = new World();
        var other = world.Hub.Fork(async () => await world.Hub.Sleep(TimeSpan.FromHours(1)));
        Assert.That(Interrupted(world, async () => await other.Ended), Is.EqualTo("OperationCanceledException"));
        Assert.That((other.IsRunning, world.Trouble), Is.EqualTo((true, "")));
    }

    [Test]
    public void Ending_a_loop_interrupts_its_connecting()
    {
        using var live = new Live();
        var caught = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        live.Do(() => live.Hub.Fork(async () =>
        {
            var loop = Loop.Current!;
            live.Hub.Post(_ => loop.Dispose());
            try
            {
                await Tcp.Connect(new DnsEndPoint("nowhere.invalid", 9));
                caught.SetResult("nothing");
            }
            catch (Exception error)
            {
                caught.SetResult(error.GetType().Name);
                throw;
            }
        }));
        Assert.That(live.Await(caught.Task), Is.EqualTo("OperationCanceledException").Or.EqualTo("ConnectionException"));
    }

    [Test]
    public void Ending_a_loop_interrupts_all_of_many_waits()
    {
        using var world = new World();
        var ended = 0;
        var (loop, end) = world.Runs(async () =>
        {
            async Task Waits()
            {
                try
                {
                    await new AwaitableSource<int>();
                }
                catch (OperationCanceledException)
                {
                    ended++;
                    throw;
                }
            }

            await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Waits()));
        });
        Assert.That(loop.WaitCount, Is.EqualTo(1000));
        loop.Dispose();
        world.Settle();
        Assert.That((ended, loop.WaitCount, end.ToString()), Is.EqualTo((1000, 0, "|")));
    }

    private static string Interrupted(World world, Func<Task> wait)
    {
        var caught = "";
        var (loop, _) = world.Runs(async () =>
        {
            try
            {
                await wait();
            }
            catch (Exception error)
            {
                caught = error.GetType().Name;
                throw;
            }
        });
        world.Settle();
        loop.Dispose();
        world.Settle();
        return caught;
    }

    private sealed class Refusing : IObservable<int>
    {
        public Awaiter<int> GetAwaiter() => this.ToAwaitable().GetAwaiter();

        public IDisposable Subscribe(IObserver<int> observer) => throw new InvalidOperationException();
    }
}
