#:project ../Diesel.Reactive

// diesel's say_hi_forever: "hi" every second, forever or until you hit Ctrl-C, whichever comes first.
using Diesel.Reactive;

Application.Quickstart(SayHiForever);

static async Task SayHiForever()
{
    while (true)
    {
        Console.WriteLine("hi");
        await Hub.Default.Sleep(TimeSpan.FromSeconds(1));
    }
}
