#:project ../Diesel.Reactive

// diesel's synchronized example: loops that count under one lock keep their turns; loops without it mix.
using Diesel.Reactive;

Application.Quickstart(Main);

async Task Main()
{
    await Run("free", locked: false);
    await Run("locked", locked: true);
    Application.Quickstop();
}

async Task Run(string title, bool locked)
{
    Console.WriteLine($"{title}:");
    var done = new Countdown(2);
    foreach (var name in (string[])["A", "B"])
    {
        _ = Hub.Default.Fork(async () =>
        {
            using var held = locked ? await new Synchronized("counting").Acquire() : null;
            for (var i = 0; i < 3; i++)
            {
                Console.WriteLine($"{name} {i}");
                await Hub.Default.Sleep();
            }

            done.Tick();
        });
    }

    await done.Wait();
}
