#:project ../Diesel.Reactive

// diesel's dispatch example: each job goes to one of ten workers; what came before them waited for them.
using Diesel.Reactive;

const int Workers = 10;
const int Jobs = 100;

var dispatcher = new Dispatcher<int>();
var counts = new int[Workers];
var done = new Countdown(Jobs);

for (var job = 0; job < 5; job++)
{
    dispatcher.Dispatch(job);
}

Application.Quickstart(Enumerable.Range(0, Workers).Select(Worker), (Func<Task>)Boss);

Func<Task> Worker(int number) => async () =>
{
    using var inbox = dispatcher.Accept();
    while (true)
    {
        await inbox.Get();
        counts[number]++;
        done.Tick();
    }
};

async Task Boss()
{
    for (var job = 5; job < Jobs; job++)
    {
        dispatcher.Dispatch(job);
        await Hub.Default.Sleep();
    }

    await done.Wait();
    Console.WriteLine($"{counts.Sum()} jobs done by {counts.Count(count => count > 0)} workers");
    Application.Quickstop();
}
