#:project ../Diesel.Reactive

// diesel's fanout example: ten listeners each get everything that is published.
using Diesel.Reactive;

var fanout = new Fanout<int>();

Application.Quickstart(Enumerable.Range(0, 10).Select(Listener), (Func<Task>)Publisher);

Func<Task> Listener(int number) => async () =>
{
    using var inbox = fanout.Open();
    while (true)
    {
        Console.WriteLine($"{number} got {await inbox.Get()}");
    }
};

async Task Publisher()
{
    for (var i = 0; i < 10; i++)
    {
        await Hub.Default.Sleep(TimeSpan.FromSeconds(0.1));
        fanout.Publish(i);
    }

    await Hub.Default.Sleep(TimeSpan.FromSeconds(0.5));
    Application.Quickstop();
}
