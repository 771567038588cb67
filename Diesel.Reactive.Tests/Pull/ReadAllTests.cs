using System.Reactive.Subjects;

namespace Diesel.Reactive.Tests;

public class ReadAllTests
{
    [Test]
    public void A_queue_is_read_until_it_was_completed() => World.Run(async hub =>
    {
        var (queue, got) = (new AsyncQueue<int>(hub: hub), new List<int>());
        Enumerable.Range(0, 3).ToList().ForEach(queue.Put);
        queue.Complete();
        await foreach (var item in queue.ReadAllAsync())
        {
            got.Add(item);
        }

        Assert.That(got, Is.EqualTo((int[])[0, 1, 2]));
    });

    [Test]
    public void Nothing_is_taken_before_it_is_asked_for() => World.Run(async hub =>
    {
        var queue = new AsyncQueue<int>(hub: hub);
        Enumerable.Range(0, 3).ToList().ForEach(queue.Put);
        await foreach (var item in queue.ReadAllAsync())
        {
            Assert.That((item, queue.Count), Is.EqualTo((0, 2)));
            break;
        }

        Assert.That(queue.Count, Is.EqualTo(2));
    });

    [Test]
    public void Cancelling_ends_the_loop_and_consumes_nothing() => World.Run(async hub =>
    {
        var (queue, stop) = (new AsyncQueue<int>(hub: hub), new CancellationTokenSource());
        hub.Sleep(TimeSpan.FromSeconds(1)).Subscribe(_ => stop.Cancel());
        await Assert.ThatAsync(async () => await queue.ReadAllAsync(stop.Token).FirstAsync(), Throws.InstanceOf<OperationCanceledException>());
        queue.Put(1);
        Assert.That((queue.Count, queue.Waiters), Is.EqualTo((1, 0)));
    });

    [Test]
    public void A_connection_is_read_at_the_pace_of_the_loop()
    {
        var (wire, got) = (Wire.OfLines(10), new List<string>());
        wire.Plays(async c =>
        {
            await foreach (var line in c.ReadAllAsync(Framing.UntilEol()))
            {
                got.Add(line.TrimEol().ToText());
                Assert.That(wire.UnreadLines, Is.EqualTo(10 - got.Count), "read ahead of the loop");
                await wire.Hub.Sleep(TimeSpan.FromSeconds(1));
                if (got.Count == 5)
                {
                    break;
                }
            }
        });
        Assert.That((string.Join(",", got), wire.UnreadLines), Is.EqualTo(("10,11,12,13,14", 5)));
    }

    [Test]
    public void Frames_straight_from_a_connection_are_held_when_the_buffer_is_full()
    {
        var (wire, got) = (Wire.OfLines(20), 0);
        wire.Plays(async c =>
        {
            await foreach (var line in c.UntilEol().ReadAllAsync(capacity: 3))
            {
                await wire.Hub.Sleep(TimeSpan.FromSeconds(1));
                Assert.That(20 - wire.UnreadLines - ++got, Is.LessThanOrEqualTo(4), "buffered");
                if (got == 10)
                {
                    break;
                }
            }
        });
        Assert.That(got, Is.EqualTo(10));
    }

    [Test]
    public void A_source_that_cannot_be_held_overflows_as_told() => World.Run(async hub =>
    {
        var (source, got) = (new Subject<int>(), new List<int>());
        _ = hub.Fork(async () =>
        {
            await hub.Sleep();
            Enumerable.Range(0, 10).ToList().ForEach(source.OnNext);
        });
        await Assert.ThatAsync(
            async () =>
            {
                await foreach (var item in source.ReadAllAsync(3, hub: hub))
                {
                    got.Add(item);
                }
            },
            Throws.InstanceOf<QueueFullException>());
        Assert.That((string.Join(",", got), source.HasObservers), Is.EqualTo(("0,1,2,3", false)));
    });

    [Test]
    public void A_fanout_is_read_through_an_inbox_that_leaves_with_the_loop() => World.Run(async hub =>
    {
        var fanout = new Fanout<int>(hub: hub);
        _ = hub.Fork(async () =>
        {
            await hub.Sleep();
            Enumerable.Range(0, 5).ToList().ForEach(fanout.Publish);
        });
        Assert.That(await fanout.ReadAllAsync().Take(3).ToListAsync(), Is.EqualTo((int[])[0, 1, 2]));
        Assert.That(fanout.SubscriberCount, Is.Zero);
    });

    // Buffer is System.Interactive.Async's, Where and Select are System.Linq's: no ambiguity between the two.
    [Test]
    public void Operators_of_both_libraries_apply() => World.Run(async hub =>
    {
        var queue = new AsyncQueue<int>(hub: hub);
        Enumerable.Range(0, 10).ToList().ForEach(queue.Put);
        queue.Complete();
        var sums = await queue.ReadAllAsync().Where(n => n % 2 == 0).Buffer(2).Select(pair => pair.Sum()).ToListAsync();
        Assert.That(sums, Is.EqualTo((int[])[2, 10, 8]));
    });
}
