using System.Reactive.Concurrency;
using Diesel.Reactive.Testing;
using Microsoft.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>A virtual time, whatever scheduler makes it.</summary>
internal sealed class VirtualClock(string name, IScheduler scheduler, Action<TimeSpan> advance)
{
    private readonly DateTimeOffset _zero = scheduler.Now;

    /// <summary>Every kind of virtual time the network is to work on.</summary>
    public static string[] Names { get; } = [nameof(HistoricalScheduler), nameof(TestScheduler), nameof(MarbleScheduler)];

    public IScheduler Scheduler => scheduler;

    /// <summary>Whole milliseconds since the beginning; a test scheduler spends ticks on its turns.</summary>
    public int Milliseconds => (int)(scheduler.Now - _zero).TotalMilliseconds;

    public static VirtualClock Named(string name) => name switch
    {
        nameof(TestScheduler) => Ticking(),
        nameof(MarbleScheduler) => Marbles(),
        _ => Historical(),
    };

    /// <summary>Turns take no time.</summary>
    public static VirtualClock Historical()
    {
        var scheduler = new HistoricalScheduler();
        return new VirtualClock(nameof(HistoricalScheduler), scheduler, scheduler.AdvanceBy);
    }

    /// <summary>The time of marble tests.</summary>
    public static VirtualClock Marbles()
    {
        var scheduler = new MarbleScheduler { MaxActions = 10_000_000 };
        return new VirtualClock(nameof(MarbleScheduler), scheduler, span => scheduler.AdvanceBy(span.Ticks));
    }

    /// <summary>A turn takes a tick.</summary>
    public static VirtualClock Ticking()
    {
        var scheduler = new TestScheduler();
        return new VirtualClock(nameof(TestScheduler), scheduler, span => scheduler.AdvanceBy(span.Ticks));
    }

    public void Passes(double milliseconds) => advance(TimeSpan.FromMilliseconds(milliseconds));

    public override string ToString() => name;
}
