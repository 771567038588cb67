#:project ../Diesel.Reactive

// diesel's queue example: one producer, two consumers that together keep up with it.
using Diesel.Reactive;

var queue = Queue.Create<string>();

Application.Quickstart(Producer, Consumer("A"), Consumer("B"));

async Task Producer()
{
    var hub = Hub.Current!;
    for (var i = 0; i < 20; i++)
    {
        queue.Put($"Item {i}");
        await hub.Sleep(TimeSpan.FromSeconds(0.5));
    }

    // diesel's program runs until Ctrl-C; this one ends when there is nothing left to consume.
    queue.Complete();
}

Func<Task> Consumer(string name) => async () =>
{
    var hub = Hub.Current!;
    await foreach (var item in queue.ReadAllAsync())
    {
        Console.WriteLine($"{name} got {item}");
        await hub.Sleep(TimeSpan.FromSeconds(1));
    }
};
