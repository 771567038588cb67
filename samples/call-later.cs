#:project ../Diesel.Reactive

// The Twisted tutorial's callLater: two lines after 5 and 10 seconds, and the end after 11.
using System.Reactive;
using System.Reactive.Linq;
using Diesel.Reactive;

Application.Quickstart(
    CallLater(5, () => Console.WriteLine("5 seconds passed")),
    CallLater(10, () => Console.WriteLine("10 seconds passed")),
    CallLater(11, Application.Quickstop));

static IObservable<Unit> CallLater(int seconds, Action call) =>
    Hub.Default.Sleep(TimeSpan.FromSeconds(seconds)).Do(_ => call());
