#:project ../Diesel.Reactive.Protocols

// diesel's queue, event, countdown and fire and wait, over three processes: of each, the line that makes it has changed, and nothing else.
//     dotnet run samples/beyond.cs                                     on a server of its own
//     dotnet run samples/beyond.cs -- redis://host:6379                on yours
//     dotnet run samples/beyond.cs -- redis://host:6379 consumer C     one more consumer, on another machine perhaps
using System.Diagnostics;
using Diesel.Reactive;
using Diesel.Reactive.Protocols.Redis;

const int Count = 20;

using var server = PrivateRedis.Unless(args.FirstOrDefault());
using var redis = new RedisClient(server.Uri);
using var shared = new RedisCoordination(redis, "beyond");
var queue = shared.Queue<string>("items");                      // was: new AsyncQueue<string>()
var pistol = shared.Event("pistol");                            // was: new Event()
var done = shared.Countdown("done", Count);                     // was: new Countdown(Count)
var signals = shared.Signals();                                 // was: new Signals()
var things = new Topic<int>("thing");

if (args is [_, "consumer", var name])
{
    await Consume(name);
    return;
}

List<Process> consumers = [Begin("A"), Begin("B")];
for (var i = 0; i < Count; i++)
{
    queue.Put($"Item {i}");
}

Console.WriteLine("Coordinator done.");
pistol.Set();

// Who is not waiting when a signal is fired misses it: somebody may not be there yet.
var fired = 0;
while ((await First.Of(done.Wait(), Hub.Default.Sleep(TimeSpan.FromMilliseconds(200)))).IsSecond)
{
    signals.Fire(things, ++fired);
}

consumers.ForEach(consumer => consumer.Kill());
Console.WriteLine("Boom!");

async Task Consume(string name)
{
    await pistol.Wait();
    Console.WriteLine($"{name}: the event was triggered!");
    using var saw = signals.On(things).Subscribe(n => Console.WriteLine($"{name} saw thing {n}"));
    while (true)
    {
        var item = await queue.Get();
        Console.WriteLine($"{name} got {item}");
        await Hub.Default.Sleep(TimeSpan.FromMilliseconds(100));
        done.Tick();
    }
}

// The first of the command line is this program, whatever it was started by.
Process Begin(string name) => Process.Start("dotnet", [Environment.GetCommandLineArgs()[0], server.Uri, "consumer", name]);
