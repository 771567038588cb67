#:project ../Diesel.Reactive

// diesel's queue example: one producer, two consumers that together keep up with it. diesel's runs until Ctrl-C; this one
// ends when there is nothing left to consume.
using Diesel.Reactive;

var queue = new AsyncQueue<string>();

Application.Quickstart(Produce, Consumer("A"), Consumer("B"));

async Task Produce()
{
    for (var i = 0; i < 20; i++)
    {
        queue.Put($"Item {i}");
        await Hub.Default.Sleep(TimeSpan.FromSeconds(0.5));
    }

    queue.Complete();
}

Func<Task> Consumer(string name) => async () =>
{
    await foreach (var item in queue.ReadAllAsync())
    {
        Console.WriteLine($"{name} got {item}");
        await Hub.Default.Sleep(TimeSpan.FromSeconds(1));
    }
};
