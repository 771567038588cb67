#:project ../Diesel.Reactive
#:package System.Interactive.Async

// The pull side: a queue read with await foreach, through operators of System.Linq (Where, Select) and of
// System.Interactive.Async (Buffer). The producer keeps to the pace of its consumer.
using System.Linq;
using Diesel.Reactive;

var queue = new AsyncQueue<int>(capacity: 4);

Application.Quickstart(Produce, Consume);

async Task Produce()
{
    for (var i = 1; i <= 20; i++)
    {
        await queue.PutWhenRoom(i);
    }

    Console.WriteLine("all put");
    queue.Complete();
}

async Task Consume()
{
    var sums = queue.ReadAllAsync().Where(n => n % 2 == 0).Buffer(2).Select(pair => pair.Sum());
    await foreach (var sum in sums)
    {
        Console.WriteLine(sum);
        await Hub.Default.Sleep(TimeSpan.FromSeconds(0.1));
    }
}
