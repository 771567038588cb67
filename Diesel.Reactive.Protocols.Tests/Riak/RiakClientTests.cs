using Diesel.Reactive.Protocols.Riak;
using Diesel.Reactive.Protocols.Riak.Messages;
using MapUpdate = Diesel.Reactive.Protocols.Riak.MapUpdate;

namespace Diesel.Reactive.Tests;

/// <summary>What the client does with a node.</summary>
public class RiakClientTests
{
    private static readonly RiakBucket Many = ("mult", "b");

    [Test]
    public void An_error_leaves_the_connection_unharmed() => RiakPlay.Run(async play =>
    {
        await play.Client.Put("b", "k", "v");
        Assert.That(await RiakPlay.ErrorOf(play.Client.Put("b", "k", "v", options: new() { IfNoneMatch = true })), Is.InstanceOf<RiakErrorException>());
        await play.Client.Delete("b", "k");
        Assert.That((play.Service.ConnectionCount, play.Client.Counts[0].Created), Is.EqualTo((1, 1)));
    });

    [Test]
    public void Quorums_are_numbers_or_words() => RiakPlay.Run(async play =>
    {
        await play.Client.Get("b", "k", new() { R = 2, PR = Quorum.One });
        var heard = (RpbGetReq)play.Heard[0];
        Assert.That((heard.R, heard.Pr, heard.HasBasicQuorum), Is.EqualTo((2u, 4294967294u, false)));
        Assert.That($"{Quorum.One} {Quorum.Majority} {Quorum.All} {Quorum.Default} {(Quorum)3}", Is.EqualTo("one quorum all default 3"));
    });

    [Test]
    public void Lists_and_indexes() => RiakPlay.Run(async play =>
    {
        for (var i = 0; i < 250; i++)
        {
            await play.Client.Put("many", $"k{i:000}", ((RiakContent)$"{i}").WithIndex("n_int", i).WithIndex("c_bin", i % 2 == 0 ? "even" : "odd"));
        }

        Assert.That((await play.Client.ListKeys("many").ToList()).Distinct().Count(), Is.EqualTo(250));
        Assert.That((await play.Client.ListBuckets().ToList()).Select(static one => one.ToText()), Is.EqualTo(new[] { "many" }));
        Assert.That(await play.Client.Index("many", IndexQuery.Equal("c_bin", "odd")).Count(), Is.EqualTo(125));
        play.Heard.Clear();
        var paged = await play.Client.Index("many", IndexQuery.Between("n_int", 10, 200) with { PageSize = 50, ReturnTerms = true }).ToList();
        Assert.That(paged.Select(static one => one.Term!.Value.ToInt64()), Is.EqualTo(Enumerable.Range(10, 191)));
        Assert.That(play.Heard, Has.Count.EqualTo(4));
        Assert.That(await play.Client.Index("many", IndexQuery.Between("n_int", 10, 200) with { PageSize = null }).Count(), Is.EqualTo(191));
        Assert.That(await play.Client.IndexObjects("many", IndexQuery.Between("n_int", 0, 9) with { PageSize = 4 }).Select(static one => one.Object.Value!.Value.ToText()).Aggregate("", static (a, b) => a + b), Is.EqualTo("0123456789"));
        Assert.That((await play.Client.CSBucket("many", new("k010", "k020") { PageSize = 3 }).ToList()).Select(static one => one.Key.ToText()), Is.EqualTo(Enumerable.Range(10, 10).Select(static i => $"k{i:000}")));
        Assert.That((await play.Client.Coverage("many"))[0].Port, Is.EqualTo(8087));
    });

    [Test]
    public void A_page_is_asked_for_when_the_last_was_taken() => RiakPlay.Run(async play =>
    {
        for (var i = 0; i < 20; i++)
        {
            await play.Client.Put("many", $"{i}", ((RiakContent)"").WithIndex("n_int", i));
        }

        play.Heard.Clear();
        var taken = 0;
        await foreach (var one in play.Client.Index("many", IndexQuery.Between("n_int", 0, 20) with { PageSize = 5 }).ReadAllAsync(1))
        {
            await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
            Assert.That(play.Heard, Has.Count.LessThanOrEqualTo((++taken + 1) / 5 + 1));
            if (taken == 12)
            {
                break;
            }
        }

        Assert.That(play.Heard, Has.Count.EqualTo(3));
        Assert.That(play.Client.Counts[0].Lent, Is.Zero);
    });

    [Test]
    public void Properties_are_set_and_reset() => RiakPlay.Run(async play =>
    {
        await play.Client.SetBucket("b", new() { AllowMult = true, NVal = 2 });
        var props = await play.Client.GetBucket("b");
        Assert.That((props.AllowMult, props.NVal), Is.EqualTo(((bool?)true, (int?)2)));
        await play.Client.ResetBucket("b");
        Assert.That((await play.Client.GetBucket("b")).NVal, Is.EqualTo(3));
        await play.Client.SetBucketType("mult", new() { NVal = 1 });
        Assert.That((await play.Client.GetBucketType("mult")).NVal, Is.EqualTo(1));
    });

    [Test]
    public void Connections_call_themselves_as_told() => RiakPlay.Run(
        async play =>
        {
            Assert.That((await play.Client.GetClientId()).ToText(), Is.EqualTo("first"));
            await play.Client.SetClientId("second");
            Assert.That((await play.Client.GetClientId()).ToText(), Is.EqualTo("second"));
        },
        "?client_id=first");

    [Test]
    public void What_removes_without_a_context_is_not_sent() => RiakPlay.Run(play =>
    {
        DataTypeUpdate[] removing =
        [
            new SetUpdate().Remove("a"), new MapUpdate().Remove(MapKind.Counter, "c"), new MapUpdate().Flag("f", false), new MapUpdate().Set("s", static s => s.Remove("a")),
            new MapUpdate().Map("m", static m => m.Map("m", static m => m.Remove(MapKind.Flag, "f"))),
        ];
        foreach (var update in removing)
        {
            Assert.That(() => play.Client.Update(("maps", "m"), "k", update), Throws.ArgumentException.With.Message.Contains("context"));
            _ = play.Client.Update(("maps", "m"), "k", update, "seen");
        }

        Assert.That(() => play.Client.Update("untyped", "k", new CounterUpdate()), Throws.ArgumentException);
        Assert.That(play.Heard, Is.Empty);
        return Task.CompletedTask;
    });

    [TestCase(16, true)]
    [TestCase(17, false)]
    public void Maps_in_maps_go_sixteen_deep(int depth, bool isSent) => RiakPlay.Run(async play =>
    {
        var update = new MapUpdate().Counter("c");
        for (var i = 1; i < depth; i++)
        {
            var inner = update;
            update = new MapUpdate().Map("m", _ => inner);
        }

        if (isSent)
        {
            Assert.That(await RiakPlay.ErrorOf(play.Client.Update(("sets", "m"), "k", update)), Is.InstanceOf<RiakErrorException>(), "It was sent, and the bucket keeps sets.");
        }
        else
        {
            Assert.That(() => play.Client.Update(("sets", "m"), "k", update), Throws.ArgumentException);
        }
    });

    [Test]
    public void The_node_is_told_less_time_than_this_side_takes() => RiakPlay.Run(
        async play =>
        {
            await play.Client.Get("b", "k");
            await play.Client.Put("b", "k", "v");
            await play.Client.With(static o => o with { Timeout = System.Threading.Timeout.InfiniteTimeSpan }).Get("b", "k");
            await play.Client.ListKeys("b").LastOrDefaultAsync();
            Assert.That(((RpbGetReq)play.Heard[0]).Timeout, Is.InRange(1600, 1750));
            Assert.That(((RpbPutReq)play.Heard[1]).Timeout, Is.InRange(1600, 1750));
            Assert.That(((RpbGetReq)play.Heard[2]).HasTimeout, Is.False);
            Assert.That(((RpbListKeysReq)play.Heard[3]).Timeout, Is.EqualTo(60_000));
        },
        "?timeout=2s");

    [Test]
    public void The_nodes_own_error_wins() => RiakPlay.Scripted(
        (frames, connection) => null!,
        async (riak, world, peers) =>
        {
            // A reply that comes between the node's end and ours.
            var call = RiakPlay.ErrorOf(riak.Get("b", "k"));
            await world.Hub.Sleep(TimeSpan.FromSeconds(1.9));
            peers[0].Sends(RiakPlay.Frame(0, "0a0774696d656f7574 1000"));
            Assert.That(await call, Is.InstanceOf<RiakErrorException>());
        },
        "?timeout=2s&attempts=1", silent: true);

    [Test]
    public void A_call_that_takes_too_long_says_where_it_stood() => RiakPlay.Scripted(
        (frames, connection) => null!,
        async (riak, world, peers) =>
        {
            var error = await RiakPlay.ErrorOf(riak.Get("b", "k"));
            Assert.That(error, Is.InstanceOf<TimeoutException>().With.Message.Contains("Get of b/k").And.Message.Contains("the reply of 10.0.0.1:8087"));
            Assert.That((world.Now, peers[0].IsReset), Is.EqualTo((2.0, true)).Using<(double, bool)>(static (a, b) => Math.Abs(a.Item1 - b.Item1) < 0.1 && a.Item2 == b.Item2));
        },
        "?timeout=2s", silent: true);

    [Test]
    public void Who_waits_when_it_is_disposed_is_told() => RiakPlay.Run(async play =>
    {
        play.Client.Dispose();
        await play.World.Hub.Sleep(TimeSpan.FromMilliseconds(1));
        Assert.That(await RiakPlay.ErrorOf(play.Client.Ping()), Is.InstanceOf<ObjectDisposedException>());
    });

    [TestCase("riak://user:secret@n1:8087,n2/?tls=true&timeout=2s", "riak://user:***@n1:8087,n2:8087/?tls=true&timeout=2000ms")]
    [TestCase("n1", "riak://n1:8087/")]
    [TestCase("riak://[::1]:1/?attempts=1&max_pool=2&stream_timeout=1500", "riak://[::1]:1/?stream_timeout=1500ms&attempts=1&max_pool=2")]
    public void A_connection_string_comes_back(string text, string shown)
    {
        var parsed = RiakConnectionString.Parse(text);
        Assert.That(parsed.ToString(), Is.EqualTo(shown));
        Assert.That(RiakConnectionString.Parse(parsed.ToSecretString()).ToSecretString(), Is.EqualTo(parsed.ToSecretString()));
        Assert.That(parsed.Options.ToString(), Does.Not.Contain("secret"));
    }

    [TestCase("riak://n1/bucket", "bucket")]
    [TestCase("riaks://n1", "scheme")]
    [TestCase("riak://n1/?tsl=true", "tls")]
    [TestCase("riak://n1/?attempts=0", "attempts")]
    [TestCase("riak://user:secret@n1", "TLS")]
    public void A_wrong_connection_string_is_told(string text, string contains) =>
        Assert.That(() => RiakConnectionString.Parse(text), Throws.ArgumentException.With.Message.Contains(contains).And.Message.Not.Contains("secret"));
}
