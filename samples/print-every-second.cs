#:project ../Diesel.Reactive

// diesel's print_every_second and print_every_two_seconds, of 2009: two loops take turns on one hub.
using Diesel.Reactive;

var app = new Application();
app.Add(PrintEverySecond);
app.Add(PrintEveryTwoSeconds);
app.Run();

static async Task PrintEverySecond()
{
    while (true)
    {
        Console.WriteLine("hi!");
        await Hub.Default.Sleep(TimeSpan.FromSeconds(1));
    }
}

static async Task PrintEveryTwoSeconds()
{
    while (true)
    {
        Console.WriteLine("hi!");
        await Hub.Default.Sleep(TimeSpan.FromSeconds(2));
    }
}
