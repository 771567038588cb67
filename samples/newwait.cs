#:project ../Diesel.Reactive

// diesel's newwait example: one loop waits for the first of two queues; what it does not take stays.
using Diesel.Reactive;

var fast = new AsyncQueue<int>();
var slow = new AsyncQueue<string>();

Application.Quickstart(Put(fast, i => i, 0.2, 6), Put(slow, i => $"slow {i}", 0.45, 2), (Func<Task>)Watch);

Func<Task> Put<T>(IQueue<T> queue, Func<int, T> item, double seconds, int count) => async () =>
{
    for (var i = 0; i < count; i++)
    {
        await Hub.Default.Sleep(TimeSpan.FromSeconds(seconds));
        queue.Put(item(i));
    }
};

async Task Watch()
{
    var over = false;
    while (!over)
    {
        var won = await First.Of(fast.Get(), slow.Get(), Hub.Default.Sleep(TimeSpan.FromSeconds(1)));
        Console.WriteLine(won.Match(number => $"fast {number}", text => text, _ => "nothing for a second"));
        over = won.Index == 2;
    }

    Application.Quickstop();
}
