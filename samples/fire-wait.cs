#:project ../Diesel.Reactive

// diesel's fire and wait: who is not waiting when a signal is fired misses it. The first one meets nobody.
using Diesel.Reactive;

var signals = new Signals();

Application.Quickstart(Pump, On("thing"), On("thing"), On("thing"));

async Task Pump()
{
    for (var i = 0; i < 5; i++)
    {
        signals.Fire("thing");
        Console.WriteLine("Fired 'thing'");
        await Hub.Default.Sleep(TimeSpan.FromSeconds(1));
    }

    Application.Quickstop();
}

Func<Task> On(string name) => async () =>
{
    while (true)
    {
        await signals.Wait(name);
        Console.WriteLine($"Saw '{name}'");
        await Hub.Default.Sleep(TimeSpan.FromSeconds(3 * Random.Shared.NextDouble()));
    }
};
