#:project ../Diesel.Reactive

// diesel's dispatcher: forks the work and does not wait for it.
using Diesel.Reactive;

Application.Quickstart(DispatchX);

static void DispatchX()
{
    var wasDispatched = Dispatch("x");
    Console.WriteLine($"Dispatched: {wasDispatched}");
}

static bool Dispatch(string value)
{
    Hub.Default.Fork(() => WorkOn(value));
    return true;
}

static async Task WorkOn(string value)
{
    await Hub.Default.Sleep(TimeSpan.FromSeconds(2));
    Console.WriteLine($"Done working on '{value}'");
    Application.Quickstop();
}
