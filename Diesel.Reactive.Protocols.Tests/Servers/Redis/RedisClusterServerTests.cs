using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A cluster of three redis-servers and three replicas.</summary>
public class RedisClusterServerTests : RedisClusterServerFixture
{
    private const int Workers = 16;

    [Test]
    public void Many_keys_of_all_slots_are_read_as_one_by_one() => Run(async () =>
    {
        const int Count = 10_000;
        Bytes[] keys = [.. Enumerable.Range(0, Count).Select(i => (Bytes)$"many:{i}")];
        await Redis.MSet([.. keys.Where((_, i) => i % 3 != 0).Select(key => (key, (Bytes)$"value of {key}"))]);
        var together = await Redis.MGet(keys);
        var one = await Redis.Batch(b => keys.Select(key => b.Get(key)));
        var single = new List<Bytes?>();
        foreach (var part in keys.Chunk(1000))
        {
            single.AddRange(await Task.WhenAll(part.Select(key => Redis.Get(key).AsTask())));
        }

        Assert.That(together, Is.EqualTo(single));
        Assert.That(one, Is.EqualTo(single));
        Assert.That((single.Count(value => value is null), await Redis.Exists(keys), await Redis.Del(keys)), Is.EqualTo((3334, 6666L, 6666L)));
    });

    [Test]
    public void The_keys_of_a_command_are_where_the_server_finds_them() => Run(async () =>
    {
        var wrong = new List<string>();
        var some = 0;

        // To us the channel of a shard is a key, as its slot decides.
        foreach (var row in RedisDataRows.All.Concat(RedisStreamRows.All).Concat(RedisServerRows.All).DistinctBy(row => row.Words).Where(row => !row.Words.StartsWith("SPUBLISH", StringComparison.Ordinal)))
        {
            var words = row.Words.Split(' ');
            var (name, arguments) = (words[0], words[1..].Select(word => (Bytes)word).ToArray());
            string theirs;
            try
            {
                theirs = string.Join(' ', (await Servers.Each[0].Command("COMMAND GETKEYS", [name, .. arguments])).ToItems().Select(key => key.ToText()));
                some++;
            }
            catch (RedisErrorException)
            {
                theirs = "";
            }

            var ours = string.Join(' ', CommandKeys.Of(new RedisCommand<RespValue>(name, reply => reply, arguments)));
            if (ours != theirs)
            {
                wrong.Add($"{row.Words}: {ours} and not {theirs}");
            }
        }

        Assert.That(wrong, Is.Empty);
        Assert.That(some, Is.GreaterThan(120));
    });

    [Test]
    public void What_means_all_is_asked_of_all() => Run(async () =>
    {
        await Redis.MSet([.. Enumerable.Range(0, 300).Select(i => ((Bytes)$"all:{i}", (Bytes)i))]);
        var each = await Task.WhenAll(Servers.Each.Take(3).Select(redis => redis.DbSize().AsTask()));
        var scanned = new HashSet<Bytes>();
        await foreach (var key in Redis.Scan("all:*", pageSize: 50).ReadAllAsync(1))
        {
            scanned.Add(key);
        }

        Assert.That((await Redis.DbSize(), scanned.Count, (await Redis.Keys("all:*")).Count), Is.EqualTo((each.Sum(), 300, 300)));
        var script = Script.Of("return redis.call('INCR', KEYS[1])");
        await Redis.ScriptLoad("return redis.call('INCR', KEYS[1])");
        Assert.That(await Redis.ScriptExists(script.Sha1), Is.EqualTo(new[] { true }));
        Assert.That((await Task.WhenAll(Enumerable.Range(0, 20).Select(i => script.Run(Redis, reply => reply.ToInt64(), [$"script:{i}"]).AsTask()))).Sum(), Is.EqualTo(20));
    });

    [Test]
    public void Channels_of_shards_follow_their_slots() => Run(async () =>
    {
        using var hub = new RedisSubHub(Redis);
        var slot = KeySlot.Of("news"u8);
        var (from, to) = Places(slot);
        var shards = hub.Shards("news");
        var (heard, gaps) = (Story.Of(shards), Story.Of(shards.Gaps));
        await shards.Opened;
        await Redis.SPublish("news", "a");
        await Servers.Move(slot, from, to);
        await Servers.Until(() => Task.FromResult(gaps.Values.Count == 1), "No gap is told.");
        await Redis.SPublish("news", "b");
        await Servers.Until(() => Task.FromResult(heard.Values.Count == 2), $"Not both are heard: {heard}.");
        await Servers.Move(slot, to, from);
    });

    [Test]
    public void Replicas_are_read_from() => Run(async () =>
    {
        using var redis = new RedisClient(Servers.Uri, new() { ReadFrom = ReadFrom.Replicas }, Live.Hub);
        await redis.Set("read", "v");
        await Servers.Until(async () => await redis.Get("read") == "v", "The replica does not follow.");
        await redis.Set("read", "w");
        await Servers.Until(async () => await redis.Get("read") == "w", "The replica does not follow.");

        // One that takes its time to be connected to is left out for a while.
        await Servers.Until(
            async () =>
            {
                await redis.Get("read");
                var info = await Task.WhenAll(Servers.Each.Skip(3).Select(each => each.Info("commandstats").AsTask()));
                return info.Any(text => text.Contains("cmdstat_get:", StringComparison.Ordinal));
            },
            "No replica is read from.");
    });

    [Test]
    public void Commands_at_random_get_what_was_written_while_slots_move() => Run(async () =>
    {
        var count = Live.IsSoak ? 100_000 : 2400;
        var isOver = false;
        var moves = 0;
        var moving = Moving();
        var asked = await Task.WhenAll(Enumerable.Range(0, Workers).Select(n => new ClusterWorker(Redis, n).Work(count / Workers, () => moving.IsFaulted)));
        Volatile.Write(ref isOver, true);
        await moving;
        Assert.That(asked.SelectMany(one => one.Wrong), Is.Empty);
        Assert.That(asked.SelectMany(one => one.Errors), Is.Empty);
        Assert.That(moves, Is.GreaterThan(Live.IsSoak ? 100 : 3));

        // One at a time: two servers that migrate to each other wait for each other.
        async Task Moving()
        {
            var random = new Random(1);
            var gone = new HashSet<int>();
            while (!Volatile.Read(ref isOver))
            {
                var slot = KeySlot.Of(((Bytes)ClusterWorker.KeyOf(random.Next(Workers), random.Next(ClusterWorker.Keys))).Span);
                var (home, away) = Places(slot);
                var (from, to) = gone.Remove(slot) ? (away, home) : (home, away);
                await Servers.Move(slot, from, to);
                if (to == away)
                {
                    gone.Add(slot);
                }

                moves++;
            }

            foreach (var slot in gone)
            {
                var (home, away) = Places(slot);
                await Servers.Move(slot, away, home);
            }
        }
    });

    private static (int From, int To) Places(int slot) => (Array.FindLastIndex([0, 5461, 10922], first => first <= slot), (Array.FindLastIndex([0, 5461, 10922], first => first <= slot) + 1) % 3);
}
