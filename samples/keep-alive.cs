#:project ../Diesel.Reactive

// diesel's keep_alive example: a loop that crashes, and begins again each time. Here the pauses grow, and it is given up when it has
// crashed too often.
using Diesel.Reactive;

var backoff = new Backoff { First = TimeSpan.FromSeconds(0.1), Most = TimeSpan.FromSeconds(1), Jitter = false };
var application = new Application { Log = null };
var item = application.Add(Crash, new() { Name = "crasher", KeepAlive = backoff, RestartLimit = new(Restarts: 3, Period: TimeSpan.FromMinutes(1)) });
Hub.Default.LoopEvents().Subscribe(what => Console.WriteLine(what));
application.Run();
Console.WriteLine($"it died {item.Loop!.Deaths} times");

static async Task Crash()
{
    await Hub.Default.Sleep();
    throw new InvalidOperationException("BAM!");
}
