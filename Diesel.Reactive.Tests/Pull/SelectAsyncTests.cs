using System.Reactive.Subjects;
using System.Reactive.Threading.Tasks;
using System.Text;

namespace Diesel.Reactive.Tests;

public class SelectAsyncTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [TestCase(true, "3,1,2")]
    [TestCase(false, "1,2,3")]
    public void Keeps_the_order_of_the_items_or_gives_each_when_it_is_ready(bool ordered, string expected) => CoordinationWorld.Run(async hub =>
    {
        var results = await new[] { 3, 1, 2 }.ToObservable().SelectAsync(
            async n =>
            {
                await hub.Sleep(n * Second);
                return n;
            }, 3, ordered, hub: hub).ToList();
        Assert.That(string.Join(",", results), Is.EqualTo(expected));
    });

    [TestCase(1)]
    [TestCase(4)]
    public void Runs_no_more_than_told_and_does_not_read_meanwhile(int max) => CoordinationWorld.Run(async hub =>
    {
        var connection = CoordinationTransport.Connect(hub, out var peer);
        var (running, most, handled, ahead) = (0, 0, new List<string>(), 0);
        Enumerable.Range(0, 20).ToList().ForEach(n => peer.Feed($"{n}\r\n"));
        using var subscription = connection.UntilEol().SelectAsync(
            async line =>
            {
                most = Math.Max(most, ++running);
                await hub.Sleep(Second);
                running--;
                handled.Add(Encoding.ASCII.GetString(line.Span).Trim());
                ahead = Math.Max(ahead, 20 - peer.Unread - handled.Count);
            }, max).Subscribe();
        await hub.Sleep(30 * Second);
        Assert.That((most, string.Join(",", handled)), Is.EqualTo((max, string.Join(",", Enumerable.Range(0, 20)))));
        Assert.That(ahead, Is.LessThanOrEqualTo(max), "read while all were busy");
    });

    [Test]
    public void Several_frames_in_one_chunk_wait_in_the_connection() => CoordinationWorld.Run(async hub =>
    {
        var connection = CoordinationTransport.Connect(hub, out var peer);
        var begun = 0;
        peer.Feed("a\r\nb\r\nc\r\n");
        using (connection.UntilEol().Select(line => line.Length).SelectAsync(
            async _ =>
            {
                begun++;
                await hub.Sleep(Second);
            }, 1, connection.Pause, capacity: 1, hub: hub).Subscribe())
        {
            await hub.Sleep(TimeSpan.FromMilliseconds(1500));
        }

        var left = await connection.Read(Framing.UntilEol());
        Assert.That((begun, Encoding.ASCII.GetString(left.Span)), Is.EqualTo((2, "c\r\n")));
    });

    [Test]
    public void The_first_error_ends_the_others() => CoordinationWorld.Run(async hub =>
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
    public void A_source_that_is_not_held_is_bounded() => CoordinationWorld.Run(async hub =>
    {
        var (source, error) = (new Subject<int>(), default(Exception));
        source.SelectAsync(_ => hub.Sleep(Second).ToTask(), 1, capacity: 2, hub: hub).Subscribe(_ => { }, e => error = e);
        Enumerable.Range(0, 4).ToList().ForEach(source.OnNext);
        await hub.Sleep(Second);
        Assert.That((error, source.HasObservers), Is.EqualTo((error as QueueFullException, false)));
        Assert.That(error, Is.Not.Null);
    });
}
