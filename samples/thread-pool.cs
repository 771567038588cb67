#:project ../Diesel.Reactive

// diesel's thread_pool example: at most three of its (green) threads work at a time, a job is only drawn when one of them
// is free, and a finalizer runs when all have ended.
using System.Reactive.Linq;
using Diesel.Reactive;

var (running, most) = (0, 0);

Application.Quickstart(Observable.Defer(() => Jobs().SelectAsync(Work, max: 3)).Finally(Finish));

IObservable<int> Jobs() => Observable.Range(0, 12);

async Task Work(int job)
{
    most = Math.Max(most, ++running);
    await Hub.Default.Sleep(TimeSpan.FromSeconds(0.1));
    running--;
    Console.WriteLine($"job {job} done");
}

void Finish() => Console.WriteLine($"all done, never more than {most} at a time");
