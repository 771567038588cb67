namespace Diesel.Reactive.Tests;

/// <summary>Upstream's test_queue: 500 items over 50 workers are 10 each, in global order.</summary>
public class AsyncQueueFairnessTests
{
    private const int Items = 500;
    private const int Workers = 50;

    private readonly int[] _counts = new int[Workers];
    private readonly List<int> _got = [];

    [SetUp]
    public void Forget()
    {
        Array.Clear(_counts);
        _got.Clear();
    }

    [Test]
    public void A_queue_filled_first_is_shared_equally() => World.Run(async hub =>
    {
        var queue = new AsyncQueue<int>(hub: hub);
        Enumerable.Range(0, Items).ToList().ForEach(queue.Put);
        Enlist(hub, queue);
        await hub.Sleep(TimeSpan.FromSeconds(1));
        AssertShared();
    });

    [Test]
    public void A_queue_whose_consumers_came_first_is_shared_equally() => World.Run(async hub =>
    {
        var queue = new AsyncQueue<int>(hub: hub);
        Enlist(hub, queue);
        await hub.Sleep();
        Enumerable.Range(0, Items).ToList().ForEach(queue.Put);
        await hub.Sleep(TimeSpan.FromSeconds(1));
        AssertShared();
    });

    [Test]
    public void Consumers_that_take_a_second_per_item_share_a_slow_producer() => World.Run(async hub =>
    {
        var queue = new AsyncQueue<int>(hub: hub);
        Enlist(hub, queue, TimeSpan.FromSeconds(1));
        for (var i = 0; i < Items; i++)
        {
            queue.Put(i);
            await hub.Sleep(TimeSpan.FromMilliseconds(20));
        }

        await hub.Sleep(TimeSpan.FromSeconds(2));
        AssertShared();
    });

    [Test]
    public void A_lone_consumer_gives_way_to_the_rest_of_the_hub() => World.Run(async hub =>
    {
        var (queue, got) = (new AsyncQueue<int>(hub: hub), 0);
        Enumerable.Range(0, 100_000).ToList().ForEach(queue.Put);
        _ = hub.Fork(async () =>
        {
            for (; got < 100_000; got++)
            {
                await queue.Get();
            }
        });
        await hub.Sleep();
        await hub.Sleep();
        Assert.That(got, Is.InRange(1, 1000));
    });

    // Mixed as upstream mixes get and wait: plain gets and races, both ways to consume.
    private void Enlist(Hub hub, AsyncQueue<int> queue, TimeSpan work = default)
    {
        for (var i = 0; i < Workers; i++)
        {
            var worker = i;
            _ = hub.Fork(async () =>
            {
                while (true)
                {
                    var item = worker % 2 == 0
                        ? await queue.Get()
                        : (await First.Of(queue.Get(), hub.Sleep(TimeSpan.FromHours(1)))).Match(n => n, _ => -1);
                    if (item < 0)
                    {
                        return;
                    }

                    _counts[worker]++;
                    _got.Add(item);
                    if (work > TimeSpan.Zero)
                    {
                        await hub.Sleep(work);
                    }
                }
            });
        }
    }

    private void AssertShared()
    {
        Assert.That(_got, Is.EqualTo(Enumerable.Range(0, Items)));
        Assert.That(_counts, Has.All.EqualTo(Items / Workers));
    }
}
