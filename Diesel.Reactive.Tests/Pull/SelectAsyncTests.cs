using System.Reactive.Subjects;
using System.Reactive.Threading.Tasks;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class SelectAsyncTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [TestCase(true, "-----[312|]")]
    [TestCase(false, "---12[3|]")]
    public void Keeps_the_order_of_the_items_or_gives_each_when_it_is_ready(bool ordered, string expected) => MarbleTest.Run(t =>
    {
        var sleeps = t.Hot<int>("--[312|]");
        t.ExpectObservable(sleeps.SelectAsync(
            async n =>
            {
                await t.Hub.Sleep(TimeSpan.FromMilliseconds(n));
                return n;
            }, 3, ordered, hub: t.Hub)).ToBe(expected);
    });

    [TestCase(1)]
    [TestCase(4)]
    public void Runs_no_more_than_told_and_does_not_read_meanwhile(int max)
    {
        var (wire, running, most, handled, ahead) = (Wire.OfLines(20), 0, 0, new List<string>(), 0);
        wire.Plays(async c =>
        {
            using var subscription = c.UntilEol().SelectAsync(
                async line =>
                {
                    most = Math.Max(most, ++running);
                    await wire.Hub.Sleep(Second);
                    running--;
                    handled.Add(line.TrimEol().ToText());
                    ahead = Math.Max(ahead, 20 - wire.UnreadLines - handled.Count);
                }, max).Subscribe();
            await wire.Hub.Sleep(30 * Second);
        });
        Assert.That((most, string.Join(",", handled)), Is.EqualTo((max, string.Join(",", Enumerable.Range(10, 20)))));
        Assert.That(ahead, Is.LessThanOrEqualTo(max), "read while all were busy");
    }

    [Test]
    public void Several_frames_in_one_chunk_wait_in_the_connection()
    {
        var (wire, begun) = (new Wire(), 0);
        wire.Peer.Sends("a\r\nb\r\nc\r\n");
        wire.Plays(async c =>
        {
            using (c.UntilEol().Select(line => line.Length).SelectAsync(
                async _ =>
                {
                    begun++;
                    await wire.Hub.Sleep(Second);
                }, 1, c.Pause, capacity: 1, hub: wire.Hub).Subscribe())
            {
                await wire.Hub.Sleep(TimeSpan.FromMilliseconds(1500));
            }

            var left = await c.Read(Framing.UntilEol());
            Assert.That((begun, left.ToText()), Is.EqualTo((2, "c\r\n")));
        });
    }

    [Test]
    public void The_first_error_ends_the_others() => World.Run(async hub =>
    {
        var ended = 0;
        await Assert.ThatAsync(
            async () => await new[] { 2, 1 }.ToObservable().SelectAsync(
                async n =>
                {
                    try
                    {
                        await hub.Sleep(n * Second);
                    }
                    catch (OperationCanceledException)
                    {
                        ended++;
                        throw;
                    }

                    throw new IOException($"{n}");
                }, 2, hub: hub),
            Throws.InstanceOf<IOException>().With.Message.EqualTo("1"));
        Assert.That(ended, Is.EqualTo(1));
    });

    [Test]
    public void A_source_that_is_not_held_is_bounded() => World.Run(async hub =>
    {
        var (source, error) = (new Subject<int>(), default(Exception));
        source.SelectAsync(_ => hub.Sleep(Second).ToTask(), 1, capacity: 2, hub: hub).Subscribe(_ => { }, e => error = e);
        Enumerable.Range(0, 4).ToList().ForEach(source.OnNext);
        await hub.Sleep(Second);
        Assert.That((error, source.HasObservers), Is.EqualTo((error as QueueFullException, false)));
        Assert.That(error, Is.Not.Null);
    });
}
