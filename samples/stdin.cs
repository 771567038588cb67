#:project ../Diesel.Reactive

// diesel's stdin example: lines that are typed go into a queue, and two workers take them out, while something else goes on.
using System.Reactive.Linq;
using Diesel.Reactive;

var lines = new AsyncQueue<string>(capacity: 100);
var beats = 0;

Application.Quickstart(
    Observable.Interval(TimeSpan.FromMilliseconds(100), Hub.Default).Do(_ => beats++),
    Worker("Ann"),
    Worker("Bob"),
    (Func<Task>)Read);

async Task Read()
{
    Console.WriteLine("type lines; Ctrl-D ends");
    await foreach (var line in StandardInput.Lines().ReadAllAsync(capacity: 10))
    {
        await lines.PutWhenRoom(line);
    }

    lines.Complete();
}

Func<Task> Worker(string name) => async () =>
{
    await foreach (var line in lines.ReadAllAsync())
    {
        Console.WriteLine($"{name} got '{line}'");
    }

    // The first to see the end ends it all.
    Application.Quickstop();
};
