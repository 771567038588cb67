#:project ../Diesel.Reactive

// diesel's forker example: one loop forks five others, which outlive it, and joins the last of them by its promise.
using Diesel.Reactive;

Application.Quickstart(Forker);

async Task Forker()
{
    var forks = Enumerable.Range(1, 5).Select(number => Hub.Default.Fork(() => Work(number), $"fork {number}")).ToList();
    Console.WriteLine($"forked {forks.Count}, of which {forks.Count(fork => fork.IsRunning)} run");
    await Hub.Default.Sleep();
    Console.WriteLine($"gave way, and {forks.Count(fork => fork.IsRunning)} run");
    await forks[^1].Ended;
    Console.WriteLine("the last one has ended");
}

async Task Work(int number)
{
    await Hub.Default.Sleep(TimeSpan.FromSeconds(0.05 * number));
    Console.WriteLine($"fork {number} is done");
}
