using System.Reactive.Concurrency;

namespace Diesel.Reactive.Tests;

public class WatchdogTests
{
    private static int _spins;

    [Test]
    public void A_slow_turn_is_reported_while_it_runs_with_what_runs()
    {
        using var live = new Live(new HubOptions { SlowTurn = TimeSpan.FromMilliseconds(40) });
        var error = Slow(live, "the loop to blame");
        Assert.That(error.Source, Is.EqualTo("loop 'the loop to blame'"));
        Assert.That(error.Exception, Is.InstanceOf<TimeoutException>().With.Message.Match(
            @"^The hub has been running loop 'the loop to blame' for \d+\.\d s; every connection and timer waits for it\. " +
            @"Move blocking or long work off the hub with hub\.Run\(\.\.\.\)\.$"));
    }

    [Test]
    public void A_slow_turn_is_reported_once()
    {
        using var live = new Live(new HubOptions { SlowTurn = TimeSpan.FromMilliseconds(20) });
        var errors = new List<HubError>();
        live.Hub.Errors.Subscribe(errors.Add);
        live.Hub.Schedule(SpinOn);
        live.Do(static () => { });
        Assert.That(errors.Select(e => e.Source), Is.EqualTo(new[] { "Diesel.Reactive.Tests.WatchdogTests.SpinOn" }));
    }

    [Test]
    public void No_turn_past_the_threshold_is_missed()
    {
        using var live = new Live(new HubOptions { SlowTurn = TimeSpan.FromMilliseconds(190) });
        var errors = new List<HubError>();
        live.Hub.Errors.Subscribe(errors.Add);
        for (var i = 0; i < 6; i++)
        {
            // In a turn of its own: of several items that nobody could look at, the last is named.
            var began = Volatile.Read(ref _spins);
            live.Hub.Schedule(SpinOn);
            SpinUntil(() => Volatile.Read(ref _spins) > began);
            live.Do(static () => { });
        }

        live.Do(static () => { });
        Assert.That(errors.Count(e => e is { Kind: HubErrorKind.SlowTurn, Source: "Diesel.Reactive.Tests.WatchdogTests.SpinOn" }), Is.EqualTo(6));
    }

    [Test]
    public void What_cannot_be_named_is_reported_all_the_same()
    {
        using var live = new Live(new HubOptions { SlowTurn = TimeSpan.FromMilliseconds(20) });
        live.Hub.Post(static _ => SpinOn(), new Nameless());
        Assert.That(live.Await(live.Errors.FirstAsync()).Source, Is.EqualTo("Nameless (its ToString threw InvalidOperationException)"));
    }

    [Test]
    public void Unobserved_the_first_slow_turn_is_a_line_on_standard_error()
    {
        using var child = new Child("slow");
        Assert.That(child.Errors(), Does.Match(@"\A[^\n]*: TimeoutException: The hub ha[^\n]*This is said once; observe Hub\.Errors for all\.\)\n\z"));
    }

    [Test]
    public void Quick_turns_are_not_reported_however_many()
    {
        using var live = new Live(new HubOptions { SlowTurn = TimeSpan.FromSeconds(1) });
        var errors = new List<HubError>();
        live.Hub.Errors.Subscribe(errors.Add);
        live.Run(async () =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                await live.Hub.Sleep();
            }

            return 0;
        });
        Assert.That(errors, Is.Empty);
    }

    private sealed class Nameless
    {
        public override string ToString() => throw new InvalidOperationException();
    }

    private static HubError Slow(Live live, string name)
    {
        using var told = new ManualResetEventSlim();
        HubError? error = null;
        live.Hub.Errors.Subscribe(e =>
        {
            error = e;
            told.Set();
        });
        live.Hub.Fork(() => SpinUntil(() => told.IsSet), name);
        Assert.That(told.Wait(Live.Patience), Is.True);
        live.Do(static () => { });
        return error!;
    }

    private static void SpinOn()
    {
        Interlocked.Increment(ref _spins);
        var start = TimeProvider.System.GetTimestamp();
        SpinUntil(() => TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromMilliseconds(200));
    }

    private static void SpinUntil(Func<bool> done)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (!done() && TimeProvider.System.GetElapsedTime(deadline) < Live.Patience)
        {
            Thread.Yield();
        }
    }
}
