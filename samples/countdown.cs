#:project ../Diesel.Reactive

// diesel's countdown example: an event that is set by the third tick.
using Diesel.Reactive;

var done = new Countdown(3);

Application.Quickstart(Ticker, StopWhenDone);

async Task Ticker()
{
    for (var i = 0; i < 3; i++)
    {
        Console.WriteLine("Tick ...");
        await Hub.Default.Sleep(TimeSpan.FromSeconds(1));
        done.Tick();
    }
}

async Task StopWhenDone()
{
    await done.Wait();
    Console.WriteLine("Boom!");
    Application.Quickstop();
}
