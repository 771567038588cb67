#:project ../Diesel.Reactive

// diesel's newwait example: one loop waits for the first of two queues; what it does not take stays.
using Diesel.Reactive;

var fast = new AsyncQueue<int>();
var slow = new AsyncQueue<string>();

Application.Quickstart((Func<Task>)Put, Watch);

// Two for the fast queue, then one for the slow one.
async Task Put()
{
    for (var i = 0; i < 6; i++)
    {
        await Hub.Default.Sleep(TimeSpan.FromSeconds(0.2));
        fast.Put(i);
        if (i is 1 or 3)
        {
            await Hub.Default.Sleep(TimeSpan.FromSeconds(0.1));
            slow.Put($"slow {i / 2}");
        }
    }
}

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
