using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Riak;

namespace Diesel.Reactive.Tests;

/// <summary>A server that answers as a node of KV 3.2.1 did: what the client makes of it.</summary>
public class RiakTranscriptTests
{
    private static readonly DateTimeOffset Stored = DateTimeOffset.FromUnixTimeSeconds(1_795_163_846);

    [Test]
    public void Ping_server_info_and_client_id() => Replay(
        ["ping", "server_info", "client_id"],
        async riak =>
        {
            await riak.Ping();
            Assert.That(await riak.ServerInfo(), Is.EqualTo(new ServerInfo("riak@127.0.0.1", "25")));
            Assert.That(await riak.GetClientId(), Is.EqualTo((Bytes)new byte[4]));
        });

    [Test]
    public void What_is_not_there() => Replay(["get notfound"], async riak => Assert.That((await riak.Get("b", "nope")).IsMissing));

    [Test]
    public void A_put_and_a_get() => Replay(
        ["put", "get"],
        async riak =>
        {
            Assert.That((await riak.Put("b", "k", new RiakContent("v1") { ContentType = "text/plain" })).IsMissing);
            var found = await riak.Get("b", "k");
            Assert.That((found.Value?.ToText(), found.Contents[0].ContentType, found.Contents[0].VTag?.ToText()), Is.EqualTo(("v1", "text/plain", "xmlR8RaC50qRL4dQEVfZw")));
            Assert.That(found.VClock?.Length, Is.EqualTo(38));
        });

    [Test]
    public void An_update_sends_what_was_read() => Replay(
        ["get", "update w/vclock"],
        async riak =>
        {
            var found = await riak.Get("b", "k");
            var stored = await riak.Put("b", "k", found.Contents[0] with { Value = "v2" }, found.VClock, returnBody: true);
            Assert.That(stored.Value?.ToText(), Is.EqualTo("v2"));
            Assert.That(stored.VClock, Is.Not.EqualTo(found.VClock));
        });

    [Test]
    public void The_server_chooses_a_key() => Replay(
        ["put no key (server key)"], async riak => Assert.That((await riak.Put("b", null, "v")).Key?.ToText(), Is.EqualTo("VhId9pKp03VoBr3FlfZ4XzLyBWM")));

    [Test]
    public void Siblings_are_shown_and_overwritten() => Replay(
        ["siblings", "resolve siblings"],
        async riak =>
        {
            RiakBucket bucket = ("mult", "s");
            await riak.Put(bucket, "k", "x");
            await riak.Put(bucket, "k", "y");
            await riak.Put(bucket, "k", "z");
            var found = await riak.Get(bucket, "k");
            Assert.That(found.HasSiblings);
            Assert.That(found.Contents.Select(static one => one.Value.ToText()), Is.EqualTo(new[] { "r", "x", "y", "z" }));
            Assert.That(() => found.Value, Throws.InvalidOperationException);
            found = await riak.Get(bucket, "k");
            await riak.Put(bucket, "k", found.Contents[0], found.VClock);
            Assert.That((await riak.Get(bucket, "k")).Value?.ToText(), Is.EqualTo("r"));
        });

    [Test]
    public void Indexes() => Replay(
        ["2i put+eq+range"],
        async riak =>
        {
            await riak.Put("idx", "a", ((RiakContent)"v").WithIndex("age_int", 30).WithIndex("nm_bin", "bob"));
            Assert.That(await riak.Index("idx", IndexQuery.Equal("age_int", 30)).ToList(), Is.EqualTo(new[] { new IndexMatch("a", null) }));
            var first = await riak.Index("idx", IndexQuery.Between("nm_bin", "a", "c") with { ReturnTerms = true, PageSize = 1 }).FirstAsync();
            Assert.That(first, Is.EqualTo(new IndexMatch("a", "bob")));
        },
        isWhole: false);

    [Test]
    public void Lists() => Replay(
        ["list_keys", "list_buckets"],
        async riak =>
        {
            Assert.That((await riak.ListKeys("b").ToList()).Select(static key => key.ToText()), Is.EqualTo(new[] { "7v93giiFOCd1l8W60zcEonRw7Wo", "k", "VhId9pKp03VoBr3FlfZ4XzLyBWM" }));
            Assert.That((await riak.ListBuckets("default").ToList()).Select(static name => name.ToText()), Is.EqualTo(new[] { "b", "bench", "idx" }));
        });

    [Test]
    public void Properties() => Replay(
        ["get_bucket", "set_bucket", "reset_bucket"],
        async riak =>
        {
            var props = await riak.GetBucket("b");
            Assert.That((props.NVal, props.AllowMult, props.LastWriteWins, props.R, props.PR?.ToString(), props.HashFunction), Is.EqualTo(
                ((int?)3, (bool?)false, (bool?)false, (Quorum?)Quorum.Majority, "0", new ModuleFunction("riak_core_util", "chash_std_keyfun"))));
            await riak.SetBucket("b2", new() { NVal = 2, AllowMult = false });
            await riak.ResetBucket("b2");
        });

    [Test]
    public void Properties_of_a_type() => Replay(["get_bucket_type"], async riak => Assert.That((await riak.GetBucketType("maps")).DataType, Is.EqualTo("map")), only: 20);

    [Test]
    public void A_job() => Replay(
        ["mapred erlang"],
        async riak =>
        {
            var job = Diesel.Reactive.Protocols.Riak.Messages.RpbMapRedReq.Parser.ParseFrom(RiakTranscript.Of("mapred erlang").First().Frame.Body.Span);
            var results = await riak.MapReduce(job.Request.Memory.ToArray(), "application/x-erlang-binary").ToList();
            Assert.That((results.Count, results[0].Phase, results[0].Result.Length), Is.EqualTo((1, 0, 14)));
        });

    [Test]
    public void Counters_as_they_were() => Replay(
        ["set_bucket allow_mult", "legacy counter", "legacy counter get"],
        async riak =>
        {
            await riak.SetBucket("lc", new() { AllowMult = true });
            Assert.That(await riak.CounterUpdate("lc", "k", 5), Is.Null);
            Assert.That(await riak.CounterGet("lc", "k"), Is.EqualTo(5));
        });

    [Test]
    public void Heads_and_what_is_unchanged() => Replay(
        ["get if_modified unchanged"],
        async riak =>
        {
            Assert.That((await riak.Get("b", "k", new() { Head = true })).Contents[0].Value.IsEmpty);
            var found = await riak.Get("b", "k");
            Assert.That(found.Value?.ToText(), Is.EqualTo("v2"));
            var again = await riak.Get("b", "k", new() { IfModified = found.VClock });
            Assert.That((again.IsUnchanged, again.IsMissing, again.IsTombstone), Is.EqualTo((true, false, false)));
        });

    [Test]
    public void Metadata_and_links() => Replay(
        ["put usermeta+links"],
        async riak =>
        {
            var stored = await riak.Put("um", "k", new RiakContent("{}") { ContentType = "application/json", Links = [new("b", "k", "t")], Metadata = [new("a", "b")] }, options: new() { ReturnHead = true });
            Assert.That(stored.Contents[0].Links, Is.EqualTo(new[] { new RiakLink("b", "k", "t") }));
            Assert.That(stored.Contents[0].Metadata, Is.EqualTo(new KeyValuePair<Bytes, Bytes?>[] { new("a", "b") }));
            Assert.That(stored.Contents[0].Value.IsEmpty);
            Assert.That(stored.Contents[0].LastModified, Is.EqualTo(Stored).Within(TimeSpan.FromMinutes(1)));
        });

    [Test]
    public void Data_types() => Replay(
        ["crdt counter", "crdt set", "crdt map", "crdt hll", "crdt gset"],
        async riak =>
        {
            await riak.Update(("counters", "c"), "k", new CounterUpdate(5));
            Assert.That((await riak.Fetch(("counters", "c"), "k")).Value, Is.EqualTo(new CounterValue(10)));
            await riak.Update(("sets", "c"), "k", new SetUpdate().Add("e"));
            var set = await riak.Fetch(("sets", "c"), "k");
            Assert.That((((SetValue)set.Value!).Members.Single().ToText(), set.Context?.Length), Is.EqualTo(("e", 28)));
            await riak.Update(("maps", "c"), "k", new MapUpdate().Register("r", "v"));
            Assert.That(((MapValue)(await riak.Fetch(("maps", "c"), "k")).Value!).Registers["r"].ToText(), Is.EqualTo("v"));
            await riak.Update(("hlls", "c"), "k", new HllUpdate().Add("e"));
            Assert.That((await riak.Fetch(("hlls", "c"), "k")).Value, Is.EqualTo(new HllValue(1)));
            await riak.Update(("gsets", "c"), "k", new GSetUpdate().Add("e"));
            Assert.That(((GSetValue)(await riak.Fetch(("gsets", "c"), "k")).Value!).Members.Single().ToText(), Is.EqualTo("e"));
        });

    [Test]
    public void Where_a_key_is() => Replay(["preflist"], async riak => Assert.That(await riak.Preflist("b", "k"), Is.EqualTo(
        new[] { new PreflistEntry(4, "riak@127.0.0.1", true), new PreflistEntry(5, "riak@127.0.0.1", true), new PreflistEntry(6, "riak@127.0.0.1", true) })));

    [Test]
    public void What_exists_is_a_match() => Replay(
        ["if_none_match conflict"],
        async riak => Assert.That(await RiakPlay.ErrorOf(riak.Put("b", "k", "n", options: new() { IfNoneMatch = true })), Is.InstanceOf<RiakErrorException>().With.Property("Text").EqualTo("match_found")));

    [Test]
    public void What_was_deleted() => Replay(
        ["get deletedvclock"],
        async riak =>
        {
            await riak.Delete("b", "k");
            var found = await riak.Get("b", "k", new() { DeletedVClock = true });
            Assert.That((found.IsTombstone, found.IsMissing, found.Value), Is.EqualTo((true, false, default(Bytes?))));
        });

    [Test]
    public void More_replicas_than_there_are() => Replay(
        ["bad r (error resp)"],
        async riak => Assert.That(await RiakPlay.ErrorOf(riak.Get("b", "k", new() { R = 99 })), Is.InstanceOf<RiakErrorException>().With.Property("Text").EqualTo("{n_val_violation,3}")));

    // Replies of several frames are one answer, up to the one that says that it is done.
    private static void Replay(string[] ops, Func<RiakClient, Task> loop, byte? only = null, bool isWhole = true)
    {
        var answers = new Queue<byte[]>();
        var whole = new List<byte>();
        foreach (var reply in ops.SelectMany(RiakTranscript.Of).Where(one => !one.IsRequest && (only is null || one.Bytes[4] == only)))
        {
            whole.AddRange(reply.Bytes);
            if (reply.Bytes[4] is not (16 or 18 or 24) || reply.Bytes[^2] is 0x10 or 0x18)
            {
                answers.Enqueue([.. whole]);
                whole.Clear();
            }
        }

        RiakPlay.Scripted((frames, connection) => answers.TryDequeue(out var answer) ? answer : null, async (riak, _, _) => await loop(riak), "?max_pool=1&attempts=1");
        Assert.That(answers.Count, isWhole ? Is.Zero : Is.AtMost(1));
    }
}
