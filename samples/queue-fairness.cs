#:project ../Diesel.Reactive

// diesel's queue_fairness_and_speed: 100 000 items, ten workers, equal shares.
using System.Diagnostics;
using Diesel.Reactive;

const int Items = 100_000;
const int Workers = 10;

var queue = new AsyncQueue<int>();
var counts = new int[Workers];
var done = new Countdown(Workers);

Application.Quickstart(Enumerable.Range(0, Workers).Select(Worker), (Func<Task>)Main);

Func<Task> Worker(int number) => async () =>
{
    await foreach (var item in queue.ReadAllAsync())
    {
        counts[number]++;
    }

    done.Tick();
};

async Task Main()
{
    var watch = Stopwatch.StartNew();
    for (var i = 0; i < Items; i++)
    {
        queue.Put(i);
    }

    queue.Complete();
    await done.Wait();
    Console.WriteLine($"{counts.Sum()} items, between {counts.Min()} and {counts.Max()} for each worker");
    Console.Error.WriteLine($"{Items / watch.Elapsed.TotalSeconds:N0} items a second");
    Application.Quickstop();
}
