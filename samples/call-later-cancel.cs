#:project ../Diesel.Reactive

// The Twisted tutorial's second callLater: HI is never printed: its call is cancelled a second before.
using System.Reactive;
using System.Reactive.Linq;
using Diesel.Reactive;

var delayed = Hub.Default.Fork(CallLater(5, () => Console.WriteLine("HI")));
Application.Quickstart(CallLater(4, Abort), CallLater(6, Application.Quickstop));

void Abort()
{
    if (delayed.IsRunning)
    {
        Console.WriteLine("CANCELLING");
        delayed.Dispose();
    }
}

static IObservable<Unit> CallLater(int seconds, Action call) =>
    Hub.Default.Sleep(TimeSpan.FromSeconds(seconds)).Do(_ => call());
