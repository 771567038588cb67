using System.Reactive.Concurrency;
using System.Reactive.Threading.Tasks;
using System.Threading.Channels;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VirtualAsyncTests
{
    private readonly MarbleScheduler _scheduler = new();
    private readonly List<string> _told = [];

    private TimeProvider Time => _scheduler.TimeProvider;

    [Test]
    public void An_await_of_a_delay_goes_on_at_its_instant([Values] bool context)
    {
        Runs(async () =>
        {
            await Task.Delay(Ms(5), Time).ConfigureAwait(context);
            Tell("a");
            await Task.Delay(Ms(10), Time).ConfigureAwait(context);
            Tell("b");
        });
        Assert.That(_told, Is.EqualTo(new[] { "a@5", "b@15" }));
    }

    [Test]
    public void A_yield_goes_on_before_other_work_of_its_instant()
    {
        Runs(
            async () =>
            {
                Tell("a1");
                await Task.Yield();
                Tell("a2");
            },
            async () =>
            {
                Tell("b1");
                await Task.Yield();
                Tell("b2");
            });
        Assert.That(_told, Is.EqualTo(new[] { "a1@0", "a2@0", "b1@0", "b2@0" }));
    }

    [Test]
    public void Tasks_in_an_observable_end_in_virtual_time([Values] bool context)
    {
        _scheduler.Schedule(() => Observable.Range(1, 3).SelectMany(async i =>
        {
            await Task.Delay(Ms(10 - i), Time).ConfigureAwait(context);
            return i;
        }).Subscribe(Tell));
        _scheduler.Start();
        Assert.That(_told, Is.EqualTo(new[] { "3@7", "2@8", "1@9" }));
    }

    [Test]
    public void An_observable_of_a_task_ends_in_virtual_time()
    {
        _scheduler.Schedule(() => Task.Delay(Ms(5), Time).ToObservable().Subscribe(_ => { }, () => Tell("end")));
        _scheduler.Start();
        Assert.That(_told, Is.EqualTo(new[] { "end@5" }));
    }

    [Test]
    public void A_cancellation_after_a_delay_comes_in_virtual_time()
    {
        Runs(async () =>
        {
            using var source = new CancellationTokenSource(Ms(5), Time);
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, Time, source.Token);
            }
            catch (OperationCanceledException)
            {
                Tell("cancelled");
            }
        });
        Assert.That(_told, Is.EqualTo(new[] { "cancelled@5" }));
    }

    [Test]
    public void A_periodic_timer_ticks_in_virtual_time()
    {
        Runs(async () =>
        {
            using var timer = new PeriodicTimer(Ms(5), Time);
            for (var i = 0; i < 3; i++)
            {
                await timer.WaitForNextTickAsync();
                Tell(i);
            }
        });
        Assert.That(_told, Is.EqualTo(new[] { "0@5", "1@10", "2@15" }));
    }

    [Test]
    public void A_wait_with_a_timeout_ends_in_virtual_time()
    {
        Runs(async () =>
        {
            try
            {
                await new TaskCompletionSource().Task.WaitAsync(Ms(7), Time);
            }
            catch (TimeoutException)
            {
                Tell("timeout");
            }
        });
        Assert.That(_told, Is.EqualTo(new[] { "timeout@7" }));
    }

    [Test]
    public void A_channel_between_two_loops_is_deterministic()
    {
        var channel = Channel.CreateBounded<int>(1);
        Runs(
            async () =>
            {
                for (var i = 0; i < 3; i++)
                {
                    await channel.Writer.WriteAsync(i);
                    await Task.Delay(Ms(1), Time);
                }

                channel.Writer.Complete();
            },
            async () =>
            {
                while (await channel.Reader.WaitToReadAsync())
                {
                    Tell(await channel.Reader.ReadAsync());
                }
            });
        Assert.That(_told, Is.EqualTo(new[] { "0@0", "1@1", "2@2" }));
    }

    [Test]
    public void What_an_async_void_method_throws_fails_the_run()
    {
        async void Fails()
        {
            await Task.Delay(Ms(1), Time);
            throw new FormatException();
        }

        _scheduler.Schedule(Fails);
        Assert.That(_scheduler.Start, Throws.TypeOf<FormatException>());
    }

    [Test]
    public void Yielding_for_ever_is_an_endless_run()
    {
        async Task Yields()
        {
            while (true)
            {
                await Task.Yield();
            }
        }

        _scheduler.Schedule(() => { _ = Yields(); });
        Assert.That(_scheduler.Start, Throws.TypeOf<EndlessRunException>());
    }

    private static TimeSpan Ms(double ms) => TimeSpan.FromMilliseconds(ms);

    private void Runs(params Func<Task>[] loops)
    {
        var ends = new List<Task>();
        foreach (var loop in loops)
        {
            _scheduler.Schedule(() => ends.Add(loop()));
        }

        _scheduler.Start();
        Assert.That(ends.Select(end => end.Status), Is.All.EqualTo(TaskStatus.RanToCompletion));
    }

    private void Tell<T>(T what) => _told.Add(FormattableString.Invariant($"{what}@{_scheduler.Elapsed.TotalMilliseconds}"));
}
