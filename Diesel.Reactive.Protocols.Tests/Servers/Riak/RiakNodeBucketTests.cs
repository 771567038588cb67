using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Riak;

namespace Diesel.Reactive.Tests;

/// <summary>Values whose siblings are resolved, of a node, whoever it is.</summary>
[TestFixtureSource(typeof(RiakNodeFixture), nameof(Nodes))]
public class RiakNodeBucketTests(string node) : RiakNodeFixture(node)
{
    private static readonly Resolver<string> Longest = Resolve.Pairwise<string>(static (t1, v1, t2, v2) => v1.Length > v2.Length ? v1 : v2);

    private int _decided;

    [SetUp]
    public void Nobody_has_decided() => _decided = 0;

    [Test]
    public void Stores_reads_and_deletes() => Run(async (riak, mark) =>
    {
        var bucket = new Bucket<string>(mark, riak, Longest);
        await bucket.Delete("bar");
        Assert.That(await bucket.Get("bar"), Is.Null);
        Assert.That(await bucket.Put("bar", "a test for you!"), Is.EqualTo("a test for you!"));
        Assert.That(await bucket.Get("bar"), Is.EqualTo("a test for you!"));
        Assert.That(await bucket.Keys().ToList(), Is.EqualTo(new[] { "bar" }));
        await bucket.Delete("bar");
        Assert.That(await bucket.Get("bar"), Is.Null);
    });

    [Test]
    public void Eight_writers_lose_nothing() => Run(async (riak, mark) =>
    {
        await Awaitable.All(Enumerable.Range(0, 8).Select(writer => Observable.Range(0, 200)
            .Select(i => riak.Put(Many(mark), "k", $"[\"{writer}/{i}\"]")).Concat().LastAsync()));
        Assert.That((await riak.Get(Many(mark), "k")).Contents, Has.Count.EqualTo(1600));
        var union = new Bucket<string[]>(Many(mark), riak, Resolve.All<string[]>(static all => [.. all.SelectMany(static one => one.Value).Distinct().Order()]));
        Assert.That(await union.Get("k"), Has.Length.EqualTo(1600));
        Assert.That((await riak.Get(Many(mark), "k")).HasSiblings, Is.False, "What was resolved is stored.");
    });

    [Test]
    public void The_resolver_runs_once_for_fifty_readers() => Run(async (riak, mark) =>
    {
        await Conflict(riak, mark);
        var bucket = Counting(riak, mark);
        var read = await Awaitable.All(Enumerable.Range(0, 50).Select(_ => bucket.Get("k")));
        Assert.That(read, Is.All.EqualTo("yyy"));
        Assert.That(_decided, Is.EqualTo(1));
        Assert.That(await bucket.Get("k"), Is.EqualTo("yyy"));
        Assert.That(_decided, Is.EqualTo(1));
        await Conflict(riak, mark);
        await bucket.Get("k");
        Assert.That(_decided, Is.EqualTo(2), "Another conflict.");
    });

    [Test]
    public void What_the_resolver_throws_reaches_each_and_the_next_tries_again() => Run(async (riak, mark) =>
    {
        await Conflict(riak, mark);
        var isIn = true;
        var bucket = new Bucket<string>(Many(mark), riak, all => ++_decided > 0 && isIn ? throw new FormatException("no idea") : Longest(all), ValueCodec.Text);
        var errors = await Awaitable.All(Enumerable.Range(0, 50).Select(_ => bucket.Get("k").Select(static _ => "read").Catch<string?, Exception>(static e => Observable.Return(e.Message))));
        Assert.That(errors, Is.All.EqualTo("no idea"));
        Assert.That(_decided, Is.EqualTo(1));
        isIn = false;
        Assert.That(await bucket.Get("k"), Is.EqualTo("yyy"));
        Assert.That(_decided, Is.EqualTo(2));
    });

    [Test]
    public void Without_siblings_nobody_decides() => Run(async (riak, mark) =>
    {
        var bucket = Counting(riak, mark);
        await bucket.Put("k", "a");
        await bucket.Put("k", "b");
        await bucket.Get("k");
        await bucket.Delete("k");
        await bucket.Get("k");
        await bucket.Put("k", "c");
        Assert.That((await bucket.Get("k"), _decided), Is.EqualTo(("c", 0)));
        Assert.That((await riak.Get(Many(mark), "k")).HasSiblings, Is.False, "What was deleted does not come back beside it.");
    });

    [Test]
    public void A_put_that_meets_others_resolves() => Run(async (riak, mark) =>
    {
        var bucket = Counting(riak, mark);
        await bucket.Put("k", "a");
        await riak.Put(Many(mark), "k", "other");
        Assert.That(await bucket.Put("k", "mine"), Is.EqualTo("other"));
        Assert.That((await riak.Get(Many(mark), "k")).Value?.ToText(), Is.EqualTo("other"));
        Assert.That(_decided, Is.EqualTo(1));
        await riak.Put(Many(mark), "k", "another");
        await bucket.Put("k", "unsafe", safe: false);
        Assert.That((await riak.Get(Many(mark), "k")).Contents, Has.Count.EqualTo(2));
    });

    private static RiakBucket Many(string mark) => ("mult", mark);

    private static async Task Conflict(RiakClient riak, string mark)
    {
        await riak.Put(Many(mark), "k", "x");
        await riak.Put(Many(mark), "k", "yyy");
        await riak.Put(Many(mark), "k", "zz");
    }

    private Bucket<string> Counting(RiakClient riak, string mark) => new(
        Many(mark), riak, all =>
        {
            _decided++;
            return Longest(all);
        },
        ValueCodec.Text);
}
