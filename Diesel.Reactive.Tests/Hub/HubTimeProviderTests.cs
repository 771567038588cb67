namespace Diesel.Reactive.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HubTimeProviderTests : IDisposable
{
    private readonly World _world = new();
    private readonly List<double> _ticks = [];

    private TimeProvider Time => _world.Hub.TimeProvider;

    public void Dispose() => _world.Dispose();

    [Test]
    public void Its_clock_is_the_hubs()
    {
        var start = Time.GetTimestamp();
        _world.Passes(5);
        Assert.That((Time.GetUtcNow(), Time.GetElapsedTime(start), Time.LocalTimeZone), Is.EqualTo((_world.Hub.Now, TimeSpan.FromSeconds(5), TimeZoneInfo.Utc)));
    }

    [Test]
    public void A_timer_ticks_in_turns_of_the_hub_on_its_grid_until_it_is_disposed()
    {
        var hubs = new List<Hub?>();
        using (Timer(2, 3, () => hubs.Add(Hub.Current)))
        {
            _world.Passes(9);
        }

        _world.Passes(9);
        Assert.That(_ticks, Is.EqualTo(new[] { 2.0, 5, 8 }));
        Assert.That(hubs, Is.All.SameAs(_world.Hub));
    }

    [Test]
    public void A_timer_without_a_period_ticks_once([Values(0, -0.001)] double period)
    {
        Timer(2, period);
        _world.Passes(9);
        Assert.That(_ticks, Is.EqualTo(new[] { 2.0 }));
    }

    [Test]
    public void A_timer_without_a_due_time_waits_for_change()
    {
        var timer = Timer(-0.001, 3);
        _world.Passes(9);
        Assert.That((_ticks.Count, timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan)), Is.EqualTo((0, true)));
        _world.Passes(9);
        Assert.That(_ticks, Is.EqualTo(new[] { 10.0 }));
    }

    [Test]
    public void Change_forgets_what_was_set_before()
    {
        Timer(5, 5).Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        _world.Passes(20);
        Assert.That(_ticks, Is.EqualTo(new[] { 1.0 }));
    }

    [Test]
    public void Times_that_a_late_turn_has_missed_are_left_out()
    {
        var late = true;
        using var timer = Timer(1, 1, () =>
        {
            _world.Clock.Sleep(late ? TimeSpan.FromSeconds(3.5).Ticks : 0);
            late = false;
        });
        _world.Passes(0.5);
        _world.Passes(6.1);
        Assert.That(_ticks.Order().Distinct().Count(), Is.EqualTo(_ticks.Count));
        Assert.That(_ticks.Last(), Is.EqualTo(6));
    }

    [Test]
    public void A_disposed_timer_cannot_be_changed_nor_one_of_a_hub_that_has_ended()
    {
        var (disposed, ended) = (Timer(1, 1), Timer(1, 1));
        disposed.Dispose();
        Assert.That(disposed.Change(TimeSpan.Zero, TimeSpan.Zero), Is.False);
        _world.Hub.Dispose();
        Assert.That(ended.Change(TimeSpan.Zero, TimeSpan.Zero), Is.False);
        _world.Passes(5);
        Assert.That(_ticks, Is.Empty);
    }

    [Test]
    public void A_timer_validates_its_times([Values(-2L, uint.MaxValue)] long ms) =>
        Assert.That(() => Timer(ms / 1000.0, 1), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void A_timer_keeps_its_makers_flow_and_leaves_none_behind()
    {
        var local = new AsyncLocal<string> { Value = "maker" };
        var seen = "";
        Timer(1, 0, () =>
        {
            seen = local.Value;
            local.Value = "timer";
        });
        local.Value = "other";
        _world.Passes(2);
        Assert.That((seen, local.Value, _world.Do(() => local.Value)), Is.EqualTo(("maker", "other", "other")));
    }

    [Test]
    public void What_a_timer_throws_is_reported()
    {
        Timer(1, 0, static () => throw new FormatException());
        _world.Passes(2);
        Assert.That(_world.Trouble, Is.EqualTo(nameof(FormatException)));
    }

    [Test]
    public void Code_that_takes_a_time_provider_runs_in_virtual_time()
    {
        var at = new List<double>();
        _world.Runs(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(2), Time);
            at.Add(_world.Now);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3), Time);
            try
            {
                await _world.Hub.Sleep(TimeSpan.FromHours(1), limit.Token);
            }
            catch (OperationCanceledException)
            {
                at.Add(_world.Now);
            }

            using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1), Time);
            await ticks.WaitForNextTickAsync();
            await ticks.WaitForNextTickAsync();
            at.Add(_world.Now);
        });
        _world.Passes(20);
        Assert.That(at.Select(static time => Math.Round(time, 1)), Is.EqualTo(new[] { 2.0, 5, 7 }));
    }

    [Test]
    public void On_a_real_hub_its_timers_tick_there_and_threads_may_change_them()
    {
        using var live = new Live();
        var (ticks, elsewhere) = (0, 0);
        using var timer = live.Hub.TimeProvider.CreateTimer(
            _ =>
            {
                elsewhere += Hub.Current == live.Hub ? 0 : 1;
                Interlocked.Increment(ref ticks);
            },
            null,
            TimeSpan.Zero,
            TimeSpan.FromMilliseconds(1));
        Parallel.For(0, 1000, i => timer.Change(TimeSpan.FromTicks(i), TimeSpan.FromMilliseconds(1)));
        Assert.That(() => Volatile.Read(ref ticks), Is.GreaterThan(3).After((int)Live.Patience.TotalMilliseconds, 1));
        Assert.That(live.Do(() => elsewhere), Is.Zero);
    }

    [TestCase(true, 0)]
    [TestCase(false, 1)]
    public void What_another_thread_does_to_a_timer_that_is_about_to_tick_counts(bool disposes, int ticks)
    {
        var (loop, ticked, done) = (new HandLoop(), 0, false);
        var hub = new Hub(loop, null);
        var timer = hub.TimeProvider.CreateTimer(_ => ticked++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        loop.Turn(at: 0);
        hub.Post(_ =>
        {
            ThreadPool.QueueUserWorkItem(_ =>
            {
                if (disposes)
                {
                    timer.Dispose();
                }
                else
                {
                    timer.Change(TimeSpan.FromSeconds(10), Timeout.InfiniteTimeSpan);
                }

                Volatile.Write(ref done, true);
            });
            SpinWait.SpinUntil(() => Volatile.Read(ref done), Live.Patience);
        });
        loop.Turn(at: 2);
        Assert.That((done, ticked), Is.EqualTo((true, 0)));
        loop.Turn(at: 3);
        loop.Turn(at: 20);
        Assert.That(ticked, Is.EqualTo(ticks));
    }

    [Test]
    public void The_time_of_a_turn_is_read_once_in_it_and_anew_in_the_next()
    {
        var start = _world.Hub.Now;
        double Since() => Math.Round((_world.Hub.TurnTime - start).TotalSeconds, 2);
        var inTurn = _world.Do(() =>
        {
            var first = Since();
            _world.Clock.Sleep(TimeSpan.FromSeconds(1).Ticks);
            return (first, Since());
        });
        _world.Passes(1);
        Assert.That((inTurn, Since(), _world.Do(Since)), Is.EqualTo(((0.0, 0.0), 1.0, 1.0)));
    }

    private ITimer Timer(double due, double period, Action? more = null) => Time.CreateTimer(
        _ =>
        {
            _ticks.Add(Math.Round(_world.Now, 1));
            more?.Invoke();
        },
        null,
        TimeSpan.FromSeconds(due),
        TimeSpan.FromSeconds(period));
}
