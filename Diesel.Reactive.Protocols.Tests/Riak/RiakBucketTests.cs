using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Riak;
using Diesel.Reactive.Protocols.Riak.Messages;

namespace Diesel.Reactive.Tests;

/// <summary>Values whose siblings are resolved.</summary>
public class RiakBucketTests
{
    private static readonly RiakBucket Many = ("mult", "b");
    private static readonly Resolver<string> Longest = Resolve.Pairwise<string>(static (t1, v1, t2, v2) => v1.Length > v2.Length ? v1 : v2);

    private int _decided;

    [SetUp]
    public void Nobody_has_decided() => _decided = 0;

    [Test]
    public void Values_are_JSON() => RiakPlay.Run(async play =>
    {
        await new Bucket<string>("diesel.testing", play.Client, Longest).Put("bar", "a test for you!");
        Assert.That(((RpbPutReq)play.Heard.Last(static one => one is RpbPutReq)).Content.Value.ToStringUtf8(), Is.EqualTo("\"a test for you!\""));
    });

    [Test]
    public void Writers_that_read_before_they_write_lose_nothing() => RiakPlay.Run(async play =>
    {
        var writers = Enumerable.Range(0, 8).Select(writer => Write(play.Dials(), writer)).ToArray();
        await Task.WhenAll(writers);
        Assert.That(await Union(play.Client).Get("k"), Has.Length.EqualTo(8 * 25));

        static Bucket<string[]> Union(RiakClient riak) => new(Many, riak, Resolve.All<string[]>(static all => [.. all.SelectMany(static one => one.Value).Distinct().Order()]));

        static async Task Write(RiakClient riak, int writer)
        {
            var bucket = Union(riak);
            for (var i = 0; i < 25; i++)
            {
                await bucket.Put("k", [.. await bucket.Get("k") ?? [], $"{writer}/{i}"]);
            }
        }
    });

    [Test]
    public void Whoever_leaves_does_not_take_the_others_decision_along() => RiakPlay.Run(async play =>
    {
        await Conflict(play);
        var bucket = Counting(play.Client);
        var first = bucket.Get("k").Subscribe(static _ => { });
        var second = RiakPlay.Failure(bucket.Get("k"));
        await play.World.Hub.Sleep(TimeSpan.FromMilliseconds(0.1));
        first.Dispose();
        Assert.That(await second, Is.Null);
        Assert.That(_decided, Is.EqualTo(1));
    });

    [Test]
    public void Ways_to_decide()
    {
        Sibling<int>[] all = [new(1, DateTimeOffset.UnixEpoch.AddSeconds(2), ""), new(5, DateTimeOffset.UnixEpoch.AddSeconds(3), ""), new(3, DateTimeOffset.UnixEpoch.AddSeconds(1), "")];
        Assert.That(Resolve.LastWriteWins<int>()(all), Is.EqualTo(5));
        Assert.That(Resolve.Pairwise<int>(static (_, a, _, b) => a + b)(all), Is.EqualTo(9));
        Assert.That(Resolve.All<int>(static each => each.Count)(all), Is.EqualTo(3));
        Assert.That(() => Resolve.Fail<int>()(all), Throws.TypeOf<SiblingsException>());
        Assert.That(typeof(Bucket<int>).GetConstructors().Select(static one => one.GetParameters().Count(static p => p.ParameterType == typeof(Resolver<int>) && !p.IsOptional)), Is.All.EqualTo(1));
    }

    [Test]
    public void Many_are_read_a_hundred_at_a_time() => RiakPlay.Run(async play =>
    {
        for (var i = 0; i < 20; i++)
        {
            await play.Client.Put("many", $"{i}", $"{i}");
        }

        var bucket = new Bucket<int>("many", play.Client, Resolve.Fail<int>());
        var (most, seen) = (0, new List<BucketEntry<int>>());
        await bucket.GetMany(Enumerable.Range(0, 10_000).Select(i => $"{i % 20}")).Do(entry =>
        {
            most = Math.Max(most, play.Client.Counts[0].Lent + play.Client.Counts[0].Waiting);
            seen.Add(entry);
        }).LastAsync();
        Assert.That((seen.Count, seen.Count(static one => one.Error is not null || $"{one.Value}" != one.Key)), Is.EqualTo((10_000, 0)));
        Assert.That(most, Is.InRange(50, 100));
    });

    [Test]
    public void One_of_many_that_fails_is_an_entry_or_the_error() => RiakPlay.Run(async play =>
    {
        var bucket = new Bucket<string>("many", play.Client, Resolve.Fail<string>());
        play.Service.Fail("Get", "boom");
        var entries = await bucket.GetMany(["a", "b", "c"]).ToList();
        Assert.That(entries.Select(static one => one.Error?.Message ?? "none").Order(), Is.EqualTo(new[] { "boom", "none", "none" }));
        Assert.That(await RiakPlay.Failure(bucket.GetMany(["a", "b", "c"], fails: true)), Is.Null);
        play.Service.Fail("Get", "boom");
        Assert.That(await RiakPlay.ErrorOf(bucket.GetMany(["a", "b", "c"], fails: true)), Is.InstanceOf<RiakErrorException>());
        Assert.That(await bucket.GetMany([]).ToList(), Is.Empty);
    });

    private static async Task Conflict(RiakPlay play)
    {
        await play.Client.Put(Many, "k", "x");
        await play.Client.Put(Many, "k", "yyy");
        await play.Client.Put(Many, "k", "zz");
    }

    private Bucket<string> Counting(RiakClient riak) => new(
        Many, riak, all =>
        {
            _decided++;
            return Longest(all);
        },
        ValueCodec.Text);
}
