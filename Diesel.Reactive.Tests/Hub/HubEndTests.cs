using System.Reactive.Threading.Tasks;

namespace Diesel.Reactive.Tests;

/// <summary>Waits end with their hub: nothing that waits for something of it waits for ever.</summary>
public class HubEndTests
{
    private static readonly string[] Waits = [.. HubWaitCases.All.Keys];

    // How a dial comes out is the network's to say, if that is faster than the hub's end.
    private static readonly string[] WaitsWithoutPeers = [.. Waits.Where(static wait =>
        !wait.EndsWith("Connect", StringComparison.Ordinal) && !wait.Contains("call", StringComparison.OrdinalIgnoreCase))];

    [Test]
    public void Every_wait_that_began_in_a_turn_is_told_when_the_hub_ends_in_that_turn([Values] HubKind kind, [ValueSource(nameof(Waits))] string wait)
    {
        using var ending = new EndingHub(kind);
        Task? end = null;
        ending.Do(() =>
        {
            end = HubWaitCases.All[wait](ending).ToTask();
            ending.Hub.Dispose();
        });
        Assert.That(EndingHub.End(end!), Is.EqualTo("#ObjectDisposedException"));
        Assert.That(ending.Errors, Is.Empty);
    }

    [Test]
    public void Every_wait_that_began_on_another_thread_is_told([Values] HubKind kind, [ValueSource(nameof(WaitsWithoutPeers))] string wait)
    {
        using var ending = new EndingHub(kind);
        var end = HubWaitCases.All[wait](ending).ToTask();
        ending.Hub.Dispose();
        Assert.That(EndingHub.End(end), IsAnEnd(wait));
        Assert.That(ending.Errors, Is.Empty);
    }

    [Test]
    public void Every_wait_on_a_hub_that_has_ended_is_refused([Values] HubKind kind, [ValueSource(nameof(Waits))] string wait)
    {
        using var ending = new EndingHub(kind);
        ending.Do(ending.Hub.Dispose);
        Assert.That(EndingHub.End(HubWaitCases.All[wait](ending).ToTask()), Is.EqualTo("#ObjectDisposedException"));
        Assert.That(ending.Errors, Is.Empty);
    }

    [Test]
    public void A_wait_that_races_the_end_of_its_hub_comes_out([Values(HubKind.Epoll, HubKind.Portable, HubKind.Scheduler)] HubKind kind, [ValueSource(nameof(Waits))] string wait)
    {
        for (var round = 0; round < (Live.IsSoak ? 200 : 5); round++)
        {
            using var ending = new EndingHub(kind);
            using var start = new Barrier(2);
            var end = Task.Run(() =>
            {
                start.SignalAndWait();
                return HubWaitCases.All[wait](ending).ToTask();
            });
            start.SignalAndWait();
            ending.Hub.Dispose();
            Assert.That(EndingHub.End(end), IsAnEnd(wait) | Is.EqualTo("#ConnectionException"));
        }
    }

    [Test]
    public void The_finally_of_a_loop_runs_when_its_hub_ends([Values] HubKind kind)
    {
        using var ending = new EndingHub(kind);
        var steps = new List<string>();
        ending.Do(() => ending.Hub.Fork(async () =>
        {
            try
            {
                await ending.Hub.Sleep(TimeSpan.FromHours(1));
            }
            catch (OperationCanceledException)
            {
                steps.Add("ended");
                throw;
            }
            finally
            {
                try
                {
                    await ending.Hub.Sleep();
                }
                catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
                {
                    steps.Add("refused");
                }
            }
        }));
        ending.Settle();
        ending.Do(static () => { });
        ending.Do(ending.Hub.Dispose);
        Assert.That(steps, Is.EqualTo(new[] { "ended", "refused" }));
    }

    [Test]
    public void A_service_that_stops_has_stopped_when_its_hub_ends([Values] HubKind kind)
    {
        using var ending = new EndingHub(kind);
        var service = new TcpService(0, static connection => connection);
        ending.Do(() => service.Start(ending.Hub));
        var stop = service.Stop().ToTask();
        ending.Hub.Dispose();
        Assert.That(EndingHub.End(stop), Is.EqualTo("|"));
        Assert.That(EndingHub.End(service.Stop().ToTask()), Is.EqualTo("|"));
    }

    [Test]
    public void An_application_returns_when_its_hub_ends([Values(HubKind.Epoll, HubKind.Portable, HubKind.Scheduler)] HubKind kind, [Values] bool early)
    {
        using var ending = new EndingHub(kind);
        var application = new Application(ending.Hub);
        var runs = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        application.Add(async () =>
        {
            runs.SetResult();
            await ending.Hub.Sleep(TimeSpan.FromHours(1));
        });
        var run = Task.Factory.StartNew(application.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (!early)
        {
            Assert.That(EndingHub.End(runs.Task), Is.EqualTo("|"));
        }

        ending.Hub.Dispose();
        Assert.That(EndingHub.End(run), Is.EqualTo("|"));
    }

    [Test]
    public void What_runs_in_the_turn_in_which_the_hub_ends_runs_once([Values] HubKind kind)
    {
        using var ending = new EndingHub(kind);
        var ran = new List<string>();
        SynchronizationContext context = null!;
        ending.Do(() => context = SynchronizationContext.Current!);
        ending.Do(() =>
        {
            context.Post(_ => ran.Add("before"), null);
            ending.Hub.Post(_ => ending.Hub.Dispose());
            ending.Hub.Post(_ => ran.Add("dropped"));
            context.Post(_ => ran.Add("after"), null);
        });
        ending.Settle();
        SpinWait.SpinUntil(() => !ending.Hub.Post(static _ => { }), Live.Patience);
        Assert.That(ran, Is.EqualTo(new[] { "before", "after" }));
        Assert.That(ending.Errors, Is.Empty);
    }

    [Test]
    public void Nobody_stands_still_who_sends_to_a_hub_that_ends([Values(HubKind.Epoll, HubKind.Portable, HubKind.Scheduler)] HubKind kind)
    {
        using var ending = new EndingHub(kind);
        using var waiting = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        SynchronizationContext context = null!;
        ending.Do(() => context = SynchronizationContext.Current!);
        ending.Hub.Post(_ =>
        {
            waiting.Set();
            SpinWait.SpinUntil(() => go.IsSet, Live.Patience);
        });
        waiting.Wait(Live.Patience);
        ending.Hub.Post(_ => ending.Hub.Dispose());
        var sender = new Thread(() => context.Send(static _ => { }, null));
        sender.Start();
        SpinWait.SpinUntil(() => (sender.ThreadState & ThreadState.WaitSleepJoin) != 0, Live.Patience);
        go.Set();
        Assert.That(sender.Join(Live.Patience), Is.True);
    }

    [Test]
    public void Code_that_goes_on_after_its_hub_has_ended_goes_on_elsewhere_and_what_it_throws_is_reported([Values] HubKind kind)
    {
        using var ending = new EndingHub(kind);
        var promise = new AwaitableSource<int>();
        var went = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        async void GoesOn()
        {
            await promise;
            went.SetResult(Hub.Current is null);
            throw new FormatException();
        }

        ending.Do(GoesOn);
        ending.Do(ending.Hub.Dispose);
        promise.TrySetResult(1);
        Assert.That(went.Task.WaitAsync(Live.Patience).Result, Is.True);
        Assert.That(() => ending.Errors.Select(e => e.Exception.GetType().Name), Is.EqualTo(new[] { nameof(FormatException) }).After(5000, 5));
    }

    // A pool that came too late to lend anything has nothing to wait for.
    private static NUnit.Framework.Constraints.AnyOfConstraint IsAnEnd(string wait) =>
        wait == "Drain" ? Is.AnyOf("#ObjectDisposedException", "|") : Is.AnyOf("#ObjectDisposedException");
}
