#:project ../Diesel.Reactive

// diesel's signals example: a program that works, and tells how it fares when it gets SIGUSR1. From another terminal:
//     kill -USR1 PID      tells
//     kill -HUP PID       begins anew, as daemons do to read their settings again
using System.Reactive.Linq;
using System.Runtime.InteropServices;
using Diesel.Reactive;

var (began, rounds) = (Hub.Default.Now, 0);

Application.Quickstart(
    Observable.Interval(TimeSpan.FromMilliseconds(10), Hub.Default).Do(_ => rounds++),
    OsSignals.On(OsSignals.User1).Do(_ => Tell()),
    OsSignals.On(PosixSignal.SIGHUP).Do(_ => BeginAnew()),
    () => Console.WriteLine($"kill -USR1 {Environment.ProcessId} to see how it fares; kill -HUP {Environment.ProcessId} to begin anew"));

void Tell() => Console.WriteLine($"{rounds} rounds in {(Hub.Default.Now - began).TotalSeconds:0.0} s");

void BeginAnew()
{
    (began, rounds) = (Hub.Default.Now, 0);
    Console.WriteLine("began anew");
}
