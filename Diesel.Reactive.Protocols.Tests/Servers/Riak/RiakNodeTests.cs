using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Riak;

namespace Diesel.Reactive.Tests;

/// <summary>Objects, lists, properties and data types of a node, whoever it is.</summary>
[TestFixtureSource(typeof(RiakNodeFixture), nameof(Nodes))]
public class RiakNodeTests(string node) : RiakNodeFixture(node)
{
    [Test]
    public void What_is_returned_is_cold() => Run(async (riak, mark) =>
    {
        var count = riak.CounterUpdate(mark, "k", 1, returnValue: true);
        await riak.SetBucket(mark, new() { AllowMult = true });
        Assert.That((await count, await count), Is.EqualTo(((long?)1, (long?)2)));
    });

    [Test]
    public void Puts_that_have_not_seen_each_other_are_siblings() => Run(async (riak, mark) =>
    {
        await riak.Put(Many(mark), "k", "x");
        var seen = await riak.Get(Many(mark), "k");
        await riak.Put(Many(mark), "k", "y");
        var stored = await riak.Put(Many(mark), "k", "z", seen.VClock, returnBody: true);
        Assert.That(stored.Contents.Select(static one => one.Value.ToText()), Is.EqualTo(new[] { "y", "z" }));
        stored = await riak.Put(Many(mark), "k", "yz", stored.VClock, returnBody: true);
        Assert.That(stored.Value?.ToText(), Is.EqualTo("yz"));
    });

    [Test]
    public void A_put_over_a_tombstone() => Run(async (riak, mark) =>
    {
        await riak.Put(Many(mark), "k", "x");
        await riak.Delete(Many(mark), "k");
        var gone = await riak.Get(Many(mark), "k", new() { DeletedVClock = true });
        Assert.That((gone.IsTombstone, gone.IsMissing, gone.Contents.Count), Is.EqualTo((true, false, 0)));
        Assert.That((await riak.Get(Many(mark), "k")).IsMissing);
        Assert.That((await riak.Put(Many(mark), "k", "seen", gone.VClock, returnBody: true)).Value?.ToText(), Is.EqualTo("seen"));
        await riak.Delete(Many(mark), "k");
        var unseen = await riak.Put(Many(mark), "k", "unseen", returnBody: true);
        Assert.That(unseen.Contents.Select(static one => one.IsDeleted ?? false), Is.EqualTo(new[] { true, false }));
        await riak.Delete(Many(mark), "k");
        await riak.Hub.Sleep(TimeSpan.FromSeconds(4));
        Assert.That((await riak.Get(Many(mark), "k", new() { DeletedVClock = true })).IsMissing);
    });

    [Test]
    public void A_delete_with_an_old_vclock_leaves_what_it_has_not_seen() => Run(async (riak, mark) =>
    {
        var first = await riak.Put(Many(mark), "k", "x", returnBody: true);
        await riak.Put(Many(mark), "k", "y", first.VClock);
        await riak.Delete(Many(mark), "k", first.VClock);
        var found = await riak.Get(Many(mark), "k");
        Assert.That(found.Contents.Where(static one => one.IsDeleted != true).Single().Value.ToText(), Is.EqualTo("y"));
        await riak.Delete(Many(mark), "k");
        Assert.That((await riak.Get(Many(mark), "k")).IsMissing);
    });

    [Test]
    public void A_put_may_be_refused() => Run(async (riak, mark) =>
    {
        async Task<string?> Refused(Bytes? vclock, PutOptions options) => ((RiakErrorException?)await RiakPlay.Failure(riak.Put(mark, "k", "v", vclock, options: options)))?.Text;
        var other = await riak.Put(mark, "other", "v", returnBody: true);
        Assert.That(await Refused(other.VClock, new() { IfNotModified = true }), Is.EqualTo("notfound"));
        Assert.That(await Refused(null, new() { IfNoneMatch = true }), Is.Null);
        Assert.That(await Refused(null, new() { IfNoneMatch = true }), Is.EqualTo("match_found"));
        var seen = await riak.Get(mark, "k");
        Assert.That(await Refused(seen.VClock, new() { IfNotModified = true }), Is.Null);
        Assert.That(await Refused(seen.VClock, new() { IfNotModified = true }), Is.EqualTo("modified"));
        Assert.That(await Refused(null, new() { NodeConfirms = 4 }), Is.EqualTo("{n_val_violation,3}"));
        Assert.That(await Refused(null, new() { W = Quorum.All, NodeConfirms = 1 }), Is.Null);
        Assert.That((await riak.Put(mark, "k", "v", options: new() { ReturnHead = true })).Contents[0].Value.IsEmpty);
    });

    [Test]
    public void Counters_and_sets() => Run(async (riak, mark) =>
    {
        RiakBucket sets = ("sets", mark);
        Assert.That((await riak.Fetch(sets, "k")).Value, Is.Null);
        Assert.That((await riak.Update(("counters", mark), "k", new CounterUpdate(7), options: new() { ReturnBody = true })).Value, Is.EqualTo(new CounterValue(7)));
        Assert.That((await riak.Update(("counters", mark), null, new CounterUpdate())).Key, Is.Not.Null);
        await riak.Update(sets, "k", new SetUpdate().Add("a", "b"));
        var seen = await riak.Fetch(sets, "k");
        await riak.Update(sets, "k", new SetUpdate().Add("a"));
        var left = await riak.Update(sets, "k", new SetUpdate().Remove("a", "b"), seen.Context, new() { ReturnBody = true });
        Assert.That(((SetValue)left.Value!).Members.Select(static one => one.ToText()), Is.EqualTo(new[] { "a" }), "What was added again was not seen.");
    });

    [Test]
    public void Stores_reads_and_deletes() => Run(async (riak, mark) =>
    {
        var stored = await riak.Put(mark, "foo", "1", returnBody: true);
        Assert.That((stored.Value?.ToText(), stored.HasSiblings), Is.EqualTo(("1", false)));
        Assert.That((await riak.Get(mark, "foo")).ToString(), Does.StartWith("1 @"));
        await riak.Delete(mark, "foo");
        Assert.That((await riak.Get(mark, "foo")).ToString(), Is.EqualTo("missing"));
    });

    [Test]
    public void A_ping_and_who_it_is() => Run(async (riak, mark) =>
    {
        await riak.Ping();
        Assert.That((await riak.ServerInfo()).Node, Is.Not.Empty);
    });

    [Test]
    public void What_is_known_of_an_object() => Run(async (riak, mark) =>
    {
        var stored = await riak.Put(mark, "k", new RiakContent("v") { ContentType = "text/plain", Metadata = [new("m", "n")] }, returnBody: true);
        Assert.That((stored.Value?.ToText(), stored.Contents[0].ContentType, stored.Contents[0].VTag is null), Is.EqualTo(("v", "text/plain", false)));
        Assert.That((await riak.Get(mark, "k", new() { IfModified = stored.VClock })).IsUnchanged);
        await riak.Delete(mark, "k", stored.VClock);
        Assert.That((await riak.Get(mark, "k", new() { DeletedVClock = true })).IsTombstone);
        Assert.That((await riak.Put(mark, null, "v")).Key, Is.Not.Null);
    });

    [Test]
    public void More_replicas_than_there_are_are_refused() => Run(async (riak, mark) =>
        Assert.That(await RiakPlay.ErrorOf(riak.Get(mark, "there", new() { R = 99 })), Is.InstanceOf<RiakErrorException>().With.Property("Text").EqualTo("{n_val_violation,3}")));

    [Test]
    public void Lists_and_indexes() => Run(async (riak, mark) =>
    {
        for (var i = 0; i < 25; i++)
        {
            await riak.Put(mark, $"k{i:000}", ((RiakContent)$"{i}").WithIndex("n_int", i).WithIndex("c_bin", i % 2 == 0 ? "even" : "odd"));
        }

        Assert.That((await riak.ListKeys(mark).ToList()).Distinct().Count(), Is.EqualTo(25));
        Assert.That((await riak.ListBuckets().ToList()).Select(static name => name.ToText()), Does.Contain(mark));
        Assert.That(await riak.Index(mark, IndexQuery.Equal("c_bin", "odd")).Count(), Is.EqualTo(12));
        var paged = await riak.Index(mark, IndexQuery.Between("n_int", 3, 20) with { PageSize = 5, ReturnTerms = true }).ToList();
        Assert.That(paged.Select(static one => one.Term!.Value.ToInt64()), Is.EqualTo(Enumerable.Range(3, 18)));
        Assert.That(await riak.Index(mark, IndexQuery.Between("n_int", 3, 20) with { PageSize = null }).Count(), Is.EqualTo(18));
    });

    [Test]
    public void Who_leaves_a_stream_harms_nobody() => Run(async (riak, mark) =>
    {
        for (var i = 0; i < 25; i++)
        {
            await riak.Put(mark, $"{i}", "");
        }

        Assert.That(await riak.ListKeys(mark).Take(3).Count(), Is.EqualTo(3));
        Assert.That((await riak.Get(mark, "3")).Value?.Length, Is.Zero);
    });

    [Test]
    public void Properties_are_set_and_reset() => Run(async (riak, mark) =>
    {
        await riak.SetBucket(mark, new() { NVal = 2 });
        Assert.That((await riak.GetBucket(mark)).NVal, Is.EqualTo(2));
        await riak.ResetBucket(mark);
        Assert.That((await riak.GetBucket(mark)).NVal, Is.EqualTo(3));
    });

    private static RiakBucket Many(string mark) => ("mult", mark);
}
