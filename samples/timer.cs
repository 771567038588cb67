#:project ../Diesel.Reactive

// diesel's timer example: loops with times of their own, side by side on one thread.
using System.Diagnostics;
using System.Reactive.Linq;
using Diesel.Reactive;

var clock = Stopwatch.StartNew();
var wasEarly = false;

Application.Quickstart(
    Every(0.2, times: 5, "fast"),
    Every(0.5, times: 2, "slow"),
    Observable.Interval(TimeSpan.FromSeconds(0.25), Hub.Default).Take(4).Do(tick => Console.WriteLine($"tick {tick}")));
Console.WriteLine(wasEarly ? "a timer was early" : "no timer was early");

Func<Task> Every(double seconds, int times, string name) => async () =>
{
    for (var i = 1; i <= times; i++)
    {
        var due = clock.Elapsed + TimeSpan.FromSeconds(seconds);
        await Hub.Default.Sleep(TimeSpan.FromSeconds(seconds));
        wasEarly |= clock.Elapsed < due;
        Console.WriteLine($"{name} {i}");
    }
};
