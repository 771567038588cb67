using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Fan-outs on Debian's redis-server.</summary>
public class RedisFanoutTests : RedisSharingFixture
{
    [Test]
    public void Every_inbox_gets_every_item_in_order_since_its_opening() => Live.Run(async () =>
    {
        var (here, there) = (Here.Fanout<int>("f"), There.Fanout<int>("f"));
        await here.PublishAsync(-1);
        using var one = here.Open();
        using var other = there.Open();
        await one.Opened;
        await other.Opened;
        for (var i = 0; i < 2500; i++)
        {
            (i % 2 == 0 ? here : there).Publish(i);
            if (i % 100 == 0)
            {
                await here.PublishAsync(10_000 + i);
            }
        }

        await here.PublishAsync(-2);
        await there.PublishAsync(-3);
        var (first, second) = (await Read(one, 2527), await Read(other, 2527));
        Assert.That(first, Is.EqualTo(second));
        Assert.That(first.Where(n => n is >= 0 and < 10_000 && n % 2 == 0), Is.Ordered);
        Assert.That(first.Where(n => n is >= 0 and < 10_000), Is.EquivalentTo(Enumerable.Range(0, 2500)));
    });

    [Test]
    public void An_item_for_a_hundred_inboxes_is_read_once() => Live.Run(async () =>
    {
        var fanout = Here.Fanout<int>("f");
        var inboxes = Enumerable.Range(0, 100).Select(_ => fanout.Open()).ToArray();
        foreach (var inbox in inboxes)
        {
            await inbox.Opened;
        }

        await Live.Hub.Sleep(TimeSpan.FromMilliseconds(300));
        await Redis.Command("CONFIG RESETSTAT");
        await There.Fanout<int>("f").PublishAsync(7);
        foreach (var inbox in inboxes)
        {
            Assert.That(await inbox.Get(), Is.EqualTo(7));
        }

        var reads = (await Redis.Info("commandstats")).Split("cmdstat_").Single(line => line.StartsWith("xrange:", StringComparison.Ordinal));
        Assert.That(reads, Does.StartWith("xrange:calls=1,"));
    });

    [Test]
    public void One_without_a_connection_goes_on_at_the_next() => Live.Run(async () =>
    {
        using var proxy = new FaultProxy(Server.Port);
        using var client = new RedisClient($"redis://127.0.0.1:{proxy.Port}", hub: Live.Hub);
        using var shared = new RedisCoordination(client, "shop");
        using var inbox = shared.Fanout<int>("f").Open();
        await inbox.Opened;
        var fanout = Here.Fanout<int>("f");
        await fanout.PublishAsync(0);
        Assert.That(await inbox.Get(), Is.Zero);
        await Live.Hub.Run(proxy.Resets);
        for (var i = 1; i <= 1000; i++)
        {
            fanout.Publish(i);
        }

        Assert.That(await Read(inbox, 1000), Is.EqualTo(Enumerable.Range(1, 1000)));
    });

    [Test]
    public void One_that_falls_behind_the_bound_is_told_how_many_it_missed() => Live.Run(async () =>
    {
        var options = new RedisFanoutOptions { MaxLength = 100, Capacity = 10 };
        var (here, there) = (Here.Fanout<int>("f", options), There.Fanout<int>("f", options));
        using var inbox = here.Open();
        await inbox.Opened;
        for (var i = 1; i <= 500; i++)
        {
            there.Publish(i);
        }

        await there.PublishAsync(501);
        await Live.Hub.Sleep(TimeSpan.FromMilliseconds(100));
        var got = new List<int>();
        long missed = 0;
        while (got.LastOrDefault() != 501)
        {
            try
            {
                got.Add(await inbox.Get(timeout: TimeSpan.FromSeconds(10)));
            }
            catch (FanoutGapException gap)
            {
                missed += gap.Missed!.Value;
            }
        }

        Assert.That((got.Count + missed, missed > 0), Is.EqualTo((501L, true)));
        Assert.That(got, Is.Ordered.And.Unique);
    });

    [Test]
    public void Items_are_read_again_from_a_place_from_a_time_and_from_the_start() => Live.Run(async () =>
    {
        var fanout = Here.Fanout<string>("f");
        await fanout.PublishAsync("a");
        var place = await fanout.PublishAsync("b");
        await fanout.PublishAsync("c");
        using var start = fanout.Open(FanoutPosition.Start);
        using var behind = fanout.Open(FanoutPosition.Parse(place.ToString()));
        using var recent = fanout.Open(FanoutPosition.At(DateTimeOffset.FromUnixTimeMilliseconds((long)place.Id.Time)));
        Assert.That((await start.Get(), await start.Get(), await start.Get(), await behind.Get()), Is.EqualTo(("a", "b", "c", "c")));
        Assert.That(await recent.Get(), Is.AnyOf("a", "b"));
        Assert.That(start.Position.Number, Is.EqualTo(3));
    });

    [Test]
    public void A_slow_inbox_loses_nothing_while_the_server_has_it() => Live.Run(async () =>
    {
        var fanout = Here.Fanout<int>("f", new() { Capacity = 10 });
        using var inbox = fanout.Open();
        await inbox.Opened;
        for (var i = 0; i < 3000; i++)
        {
            fanout.Publish(i);
        }

        Assert.That(await Read(inbox, 3000), Is.EqualTo(Enumerable.Range(0, 3000)));
        Assert.That(inbox.Count, Is.LessThanOrEqualTo(11));
    });

    [Test]
    public void Losing_a_race_consumes_nothing_and_a_disposed_inbox_says_so() => Live.Run(async () =>
    {
        var fanout = Here.Fanout<int>("f");
        var inbox = fanout.Open();
        await inbox.Opened;
        Assert.That((await First.Of(inbox.Get(), Live.Hub.Sleep(TimeSpan.FromMilliseconds(50)))).IsSecond);
        await fanout.PublishAsync(1);
        Assert.That(await inbox.Get(), Is.EqualTo(1));
        Assert.That(await Failure(inbox.Get(timeout: TimeSpan.Zero).Select(static n => (object?)n)), Is.InstanceOf<QueueTimeoutException>());
        var waiting = Story.Of(inbox.Get());
        inbox.Dispose();
        Assert.That((waiting.Error?.GetType(), await Failure(inbox.Get().Select(static n => (object?)n)) is ObjectDisposedException), Is.EqualTo((typeof(ObjectDisposedException), true)));
    });

    private static async Task<List<int>> Read(RedisInbox<int> inbox, int count)
    {
        var got = new List<int>();
        while (got.Count < count)
        {
            got.Add(await inbox.Get(timeout: TimeSpan.FromSeconds(10)));
        }

        return got;
    }
}
