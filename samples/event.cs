#:project ../Diesel.Reactive

// diesel's event example: a starter pistol. Three wait for it, and one who comes late does not have to.
using Diesel.Reactive;

var happened = new Event();

Application.Quickstart(Coordinator, Consumer, Consumer, Consumer, LateConsumer);

async Task Coordinator()
{
    // Pretend to do something ...
    await Hub.Default.Sleep(TimeSpan.FromSeconds(3));

    // Done, fire the event.
    Console.WriteLine("Coordinator done.");
    happened.Set();
}

async Task Consumer()
{
    Console.WriteLine("Waiting ...");
    await happened.Wait();
    Console.WriteLine("The event was triggered!");
}

async Task LateConsumer()
{
    await Hub.Default.Sleep(TimeSpan.FromSeconds(4));
    await Consumer();
    Application.Quickstop();
}
