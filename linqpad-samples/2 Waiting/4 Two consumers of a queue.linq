<Query Kind="Statements">
  <NuGetReference>Diesel.Reactive</NuGetReference>
  <Namespace>Diesel.Reactive</Namespace>
  <Namespace>System.Reactive.Linq</Namespace>
  <Namespace>System.Threading.Tasks</Namespace>
</Query>

// Each item goes to one of them.
var queue = new AsyncQueue<int>();
for (var n = 1; n <= 10; n++)
{
    queue.Put(n);
}

queue.Complete();
(await Task.WhenAll(Consume(), Consume())).Dump("who got what");

async Task<string> Consume()
{
    var got = new List<int>();
    await foreach (var item in queue.ReadAllAsync())
    {
        got.Add(item);
        await Hub.Default.Sleep(TimeSpan.FromMilliseconds(5));
    }

    return string.Join(" ", got);
}
