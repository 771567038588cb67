namespace Diesel.Reactive.Tests;

public class BlockingWaitTests
{
    [TestCase("Task.Wait")]
    [TestCase("Task.Result")]
    [TestCase("GetAwaiter().GetResult()")]
    [TestCase("ManualResetEventSlim")]
    [TestCase("ManualResetEvent")]
    [TestCase("SemaphoreSlim")]
    [TestCase("Observable.Wait")]
    [TestCase("Observable.First")]
    [TestCase("Thread.Join")]
    [TestCase("Monitor.Wait")]
    public void A_blocking_wait_on_the_hub_throws(string wait)
    {
        using var live = new Live();
        Assert.That(() => live.Do(Waits[wait]), Throws.InvalidOperationException.With.Message.EndsWith(
            " would block the hub's thread, and with it every connection and timer. " +
            "Await it, subscribe to it, or move the blocking work off the hub with hub.Run(...)."));
    }

    [Test]
    public void The_hub_goes_on_after_a_blocking_wait()
    {
        using var live = new Live();
        Assert.That(() => live.Do(static () => new TaskCompletionSource().Task.Wait()), Throws.InvalidOperationException);
        Assert.That(live.Run(static () => Task.FromResult(1)), Is.EqualTo(1));
    }

    [Test]
    public void What_has_happened_already_can_be_waited_for()
    {
        using var live = new Live();
        Assert.That(() => live.Do(static () => Task.CompletedTask.Wait()), Throws.Nothing);
    }

    [Test]
    public void A_contended_lock_does_not_throw([Values] bool newLock)
    {
        using var live = new Live();
        var (gate, old, entered) = (new Lock(), new object(), false);
        using var held = new ManualResetEventSlim();
        using var asked = new ManualResetEventSlim();
        var holder = new Thread(() =>
        {
            if (newLock)
            {
                lock (gate)
                {
                    Hold(held, asked);
                }
            }
            else
            {
                lock (old)
                {
                    Hold(held, asked);
                }
            }
        });
        holder.Start();
        Assert.That(held.Wait(Live.Patience), Is.True);
        live.Do(() =>
        {
            asked.Set();
            if (newLock)
            {
                lock (gate)
                {
                    entered = true;
                }
            }
            else
            {
                lock (old)
                {
                    entered = true;
                }
            }
        });
        holder.Join();
        Assert.That(entered, Is.True);
    }

    [Test]
    public void A_contended_lock_may_be_taken_by_what_is_called_a_wait()
    {
        using var live = new Live();
        var (gate, customers) = (new object(), new List<string>());
        using var held = new ManualResetEventSlim();
        using var asked = new ManualResetEventSlim();
        var holder = new Thread(() =>
        {
            lock (gate)
            {
                Hold(held, asked);
            }
        });
        holder.Start();
        Assert.That(held.Wait(Live.Patience), Is.True);
        live.Do(asked.Set);
        live.Do(() => AddWaitingCustomer(gate, customers));
        holder.Join();
        Assert.That(customers, Is.EqualTo(new[] { "A" }));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void AddWaitingCustomer(object gate, List<string> customers)
    {
        lock (gate)
        {
            customers.Add("A");
        }
    }

    // Long enough in the lock for the hub to stop spinning and wait.
    private static void Hold(ManualResetEventSlim held, ManualResetEventSlim asked)
    {
        held.Set();
        asked.Wait(Live.Patience);
        using var never = new ManualResetEvent(false);
        never.WaitOne(50);
    }

    private static readonly Dictionary<string, Action> Waits = new()
    {
        ["Task.Wait"] = static () => new TaskCompletionSource().Task.Wait(),
        ["Task.Result"] = static () => _ = new TaskCompletionSource<int>().Task.Result,
        ["GetAwaiter().GetResult()"] = static () => new TaskCompletionSource<int>().Task.GetAwaiter().GetResult(),
        ["ManualResetEventSlim"] = static () =>
        {
            using var never = new ManualResetEventSlim();
            never.Wait();
        },
        ["ManualResetEvent"] = static () =>
        {
            using var never = new ManualResetEvent(false);
            never.WaitOne();
        },
        ["SemaphoreSlim"] = static () =>
        {
            using var none = new SemaphoreSlim(0);
            none.Wait();
        },
        ["Observable.Wait"] = static () => Observable.Never<int>().Wait(),
        ["Observable.First"] = static () => Observable.Never<int>().FirstAsync().Wait(),
        ["Thread.Join"] = static () =>
        {
            var never = new SemaphoreSlim(0);
            var thread = new Thread(() => never.Wait()) { IsBackground = true };
            thread.Start();
            try
            {
                thread.Join();
            }
            finally
            {
                never.Release();
            }
        },
        ["Monitor.Wait"] = static () =>
        {
            var gate = new object();
            lock (gate)
            {
                Monitor.Wait(gate);
            }
        },
    };
}
