#:project ../Diesel.Reactive

// diesel's child_test example: children end with their parent, and are told.
using Diesel.Reactive;

Application.Quickstart(Parent);

async Task Parent()
{
    foreach (var name in new[] { "Ann", "Bob" })
    {
        _ = Loop.Current!.ForkChild(() => Child(name), name);
    }

    await Hub.Default.Sleep(TimeSpan.FromSeconds(0.9));
    Console.WriteLine($"{(await Hub.Default.Loops()).All().Count()} loops run");
    Console.WriteLine("the parent dies");
}

static async Task Child(string name)
{
    try
    {
        while (true)
        {
            Console.WriteLine($"{name} plays");
            await Hub.Default.Sleep(TimeSpan.FromSeconds(0.5));
        }
    }
    catch (OperationCanceledException)
    {
        Console.WriteLine($"{name} is told that the parent has died");
    }
}
