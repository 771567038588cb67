#:project ../Diesel.Reactive

// diesel's thread example: work that blocks is done on threads of the pool, and the hub goes on meanwhile. Work that nobody waits for
// any more is told so.
using System.Reactive.Linq;
using Diesel.Reactive;

var beats = 0;

Application.Quickstart(
    Observable.Interval(TimeSpan.FromMilliseconds(20), Hub.Default).Do(_ => beats++),
    (Func<Task>)Block);

async Task Block()
{
    var both = await Awaitable.All(Hub.Default.Run(() => Blocked(0.5)), Hub.Default.Run(() => Blocked(0.3)));
    Console.WriteLine($"blocked for {both.Item1} s and {both.Item2} s at once; the hub had {(beats > 10 ? "many" : beats)} beats meanwhile");

    try
    {
        await Hub.Default.Run(token => token.WaitHandle.WaitOne(TimeSpan.FromMinutes(1))).Timeout(TimeSpan.FromSeconds(0.2));
    }
    catch (TimeoutException)
    {
        Console.WriteLine("gave up, and the work was told");
    }

    try
    {
        await Hub.Default.Run(() => throw new InvalidOperationException("it has failed"));
    }
    catch (InvalidOperationException error)
    {
        Console.WriteLine($"an error comes back, too: {error.Message}");
    }

    Application.Quickstop();
}

static double Blocked(double seconds)
{
    Thread.Sleep(TimeSpan.FromSeconds(seconds));
    return seconds;
}
