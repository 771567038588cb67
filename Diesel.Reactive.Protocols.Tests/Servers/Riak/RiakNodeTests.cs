using Diesel.Reactive.Protocols.Riak;
using Diesel.Reactive.Protocols.Riak.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>What a node does, whoever it is: with the environment variable <c>RIAK</c> (<c>host:port</c>, of KV 3.x, with the types <c>mult</c>, <c>counters</c> and <c>sets</c>) that one, else the one in
/// memory. Which it was, the test says.</summary>
public class RiakNodeTests
{
    private static readonly string Mark = $"{Guid.NewGuid():N}"[..8];

    private static readonly (string Name, Func<RiakClient, Task> Check)[] Checks =
    [
        ("a ping and who it is", static async riak =>
        {
            await riak.Ping();
            Assert.That((await riak.ServerInfo()).Node, Is.Not.Empty);
        }),
        ("an object", static async riak =>
        {
            var stored = await riak.Put(Mark, "k", new RiakContent("v") { ContentType = "text/plain", Metadata = [new("m", "n")] }, returnBody: true);
            Assert.That((stored.Value?.ToText(), stored.Contents[0].ContentType, stored.Contents[0].VTag is null), Is.EqualTo(("v", "text/plain", false)));
            Assert.That((await riak.Get(Mark, "k", new() { IfModified = stored.VClock })).IsUnchanged);
            await riak.Delete(Mark, "k", stored.VClock);
            Assert.That((await riak.Get(Mark, "k", new() { DeletedVClock = true })).IsTombstone);
            Assert.That((await riak.Put(Mark, null, "v")).Key, Is.Not.Null);
        }),
        ("siblings", static async riak =>
        {
            RiakBucket bucket = ("mult", Mark);
            await riak.Put(bucket, "k", "x");
            await riak.Put(bucket, "k", "y");
            var found = await riak.Get(bucket, "k");
            Assert.That(found.Contents.Select(static one => one.Value.ToText()).Order(), Is.EqualTo(new[] { "x", "y" }));
            Assert.That((await riak.Put(bucket, "k", "z", found.VClock, returnBody: true)).Value?.ToText(), Is.EqualTo("z"));
        }),
        ("a bucket that resolves", static async riak =>
        {
            var bucket = new Bucket<string>(("mult", Mark), riak, Resolve.Pairwise<string>(static (_, a, _, b) => a.Length > b.Length ? a : b));
            await bucket.Put("r", "short");
            await riak.Put(("mult", Mark), "r", "\"much longer\"");
            Assert.That(await bucket.Get("r"), Is.EqualTo("much longer"));
            Assert.That((await riak.Get(("mult", Mark), "r")).HasSiblings, Is.False);
        }),
        ("refusals", static async riak =>
        {
            await riak.Put(Mark, "there", "v");
            Assert.That(await RiakPlay.ErrorOf(riak.Put(Mark, "there", "v", options: new() { IfNoneMatch = true })), Is.InstanceOf<RiakErrorException>().With.Property("Text").EqualTo("match_found"));
            Assert.That(await RiakPlay.ErrorOf(riak.Get(Mark, "there", new() { R = 99 })), Is.InstanceOf<RiakErrorException>().With.Property("Text").EqualTo("{n_val_violation,3}"));
        }),
        ("lists", static async riak =>
        {
            await riak.Put($"{Mark}l", "a", "v");
            await riak.Put($"{Mark}l", "b", "v");
            Assert.That((await riak.ListKeys($"{Mark}l").ToList()).Order().Select(static key => key.ToText()), Is.EqualTo(new[] { "a", "b" }));
            Assert.That((await riak.ListBuckets().ToList()).Select(static name => name.ToText()), Does.Contain($"{Mark}l"));
        }),
        ("properties", static async riak =>
        {
            await riak.SetBucket($"{Mark}p", new() { NVal = 2 });
            Assert.That((await riak.GetBucket($"{Mark}p")).NVal, Is.EqualTo(2));
            await riak.ResetBucket($"{Mark}p");
            Assert.That((await riak.GetBucket($"{Mark}p")).NVal, Is.EqualTo(3));
        }),
        ("counters and sets", static async riak =>
        {
            await riak.Update(("counters", Mark), "k", new CounterUpdate(5));
            Assert.That((await riak.Fetch(("counters", Mark), "k")).Value, Is.EqualTo(new CounterValue(5)));
            await riak.Update(("sets", Mark), "k", new SetUpdate().Add("a", "b"));
            var seen = await riak.Fetch(("sets", Mark), "k");
            await riak.Update(("sets", Mark), "k", new SetUpdate().Remove("a"), seen.Context);
            Assert.That(((SetValue)(await riak.Fetch(("sets", Mark), "k")).Value!).Members.Single().ToText(), Is.EqualTo("b"));
        }),
    ];

    private static IEnumerable<string> Names => Checks.Select(static one => one.Name);

    [TestCaseSource(nameof(Names))]
    public void A_node_does(string name)
    {
        using var live = new Live();
        var real = Environment.GetEnvironmentVariable("RIAK");
        var where = real ?? $"127.0.0.1:{live.Starts(new RiakService()).Port}";
        TestContext.Out.WriteLine(real is null ? "The node in memory." : $"The node at {where} (RIAK).");
        using var riak = new RiakClient(where, hub: live.Hub);
        live.Run(() => Array.Find(Checks, one => one.Name == name).Check(riak));
    }
}
