using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A client and a cluster in which slots move and servers die.</summary>
public class ClusterFollowTests : ClusterFixture
{
    private string _key = null!;
    private int _slot;

    [SetUp]
    public void SetUp()
    {
        _key = Cluster.KeyAt(7001);
        _slot = ClusterFake.SlotOf(_key);
        World.Watch(Redis.Get(_key));
    }

    [Test]
    public void A_slot_that_has_moved_is_followed_and_remembered()
    {
        Cluster.Moves(_slot, 7002);
        Assert.That(($"{World.Watch(Redis.Incr(_key))}", $"{World.Watch(Redis.Incr(_key))}"), Is.EqualTo(("1 |", "2 |")));
        Assert.That((Cluster.Heard(7001), Cluster.Heard(7002)), Is.EqualTo(($"GET {_key}, INCR {_key}", $"INCR {_key}, INCR {_key}")));
    }

    [Test]
    public void However_many_find_out_the_map_is_asked_for_once()
    {
        for (var slot = 0; slot < 16384; slot++)
        {
            Cluster.Owner[slot] = Cluster.Owner[slot] == 7001 ? 7002 : 7001;
        }

        var before = Cluster.Asked;
        var all = new List<Story<long>>();
        World.Do(() =>
        {
            for (var i = 0; i < 5000; i++)
            {
                var story = new Story<long>();
                Redis.Incr($"n{i}").Subscribe(story);
                all.Add(story);
            }
        });
        World.Passes(0.5);
        Assert.That((all.Count(one => $"{one}" == "1 |"), Cluster.Asked - before), Is.EqualTo((5000, 1)));
    }

    [Test]
    public void A_cluster_that_is_down_is_asked_seldom_and_waited_for()
    {
        Cluster.IsDown = true;
        var before = Cluster.Asked;
        var all = new List<Story<long>>();
        World.Do(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                var story = new Story<long>();
                Redis.Incr($"n{i}").Subscribe(story);
                all.Add(story);
            }
        });
        World.Passes(4);
        var asked = Cluster.Asked - before;
        Cluster.IsDown = false;
        World.Passes(0.3);
        Assert.That((all.Count(one => $"{one}" == "1 |"), asked), Is.EqualTo((1000, asked)));
        Assert.That(asked, Is.InRange(5, 20));
    }

    [Test]
    public void What_waits_for_a_cluster_that_stays_down_fails_in_time()
    {
        Cluster.IsDown = true;
        using var redis = Cluster.Client(new() { MaxReconnectTime = TimeSpan.FromSeconds(2) });
        var (get, several) = (World.Watch(redis.Get(_key)), World.Watch(redis.MGet("a", "b", "c")));
        World.Passes(3);
        Assert.That(new[] { get.Error, several.Error }, Has.All.InstanceOf<RedisErrorException>().With.All.Property("Code").EqualTo("CLUSTERDOWN"));
    }

    [Test]
    public void A_key_that_has_gone_ahead_of_its_slot_is_asked_for_there()
    {
        Cluster.Data.Set(_key, "v");
        Cluster.Moving[_slot] = (7002, [_key]);
        Assert.That(($"{World.Watch(Redis.Get(_key))}", $"{World.Watch(Redis.Get(_key))}"), Is.EqualTo(("v |", "v |")));
        Assert.That((Cluster.Heard(7002), Cluster.Asked), Is.EqualTo(($"ASKING, GET {_key}, ASKING, GET {_key}", 1)));
    }

    [Test]
    public void Between_the_word_that_it_asks_and_the_command_comes_nobody()
    {
        Cluster.Data.Set(_key, "v");
        Cluster.Moving[_slot] = (7002, [_key]);
        var other = Cluster.KeyAt(7002);
        var all = new List<Story<Bytes?>>();
        World.Do(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                var story = new Story<Bytes?>();
                Redis.Get(i % 2 == 0 ? _key : other).Subscribe(story);
                all.Add(story);
            }
        });
        Assert.That(all.Where((_, i) => i % 2 == 0).Select(story => $"{story}"), Has.All.EqualTo("v |"));
    }

    [Test]
    public void A_transaction_goes_where_its_keys_have_gone()
    {
        Cluster.Data.Set(_key, 1);
        Cluster.Moving[_slot] = (7002, [_key]);
        Assert.That($"{World.Watch(Redis.Transaction(t => (t.Incr(_key), t.Incr(_key))))}", Is.EqualTo("(2, 3) |"));
        Cluster.Moves(_slot, 7003);
        Assert.That($"{World.Watch(Redis.Transaction(t => (t.Incr(_key), t.Incr(_key))))}", Is.EqualTo("(4, 5) |"));
        Assert.That((Cluster.Heard(7002), Cluster.Heard(7003)), Is.EqualTo(($"ASKING, MULTI, INCR {_key}, INCR {_key}, EXEC", $"MULTI, INCR {_key}, INCR {_key}, EXEC")));
    }

    [Test]
    public void Keys_that_are_half_gone_are_waited_for()
    {
        var (one, other) = ($"{{{_key}}}1", $"{{{_key}}}2");
        Cluster.Data.Set(one, 1);
        Cluster.Data.Set(other, 2);
        Cluster.Moving[_slot] = (7002, [one]);
        var (got, batch) = (World.Watch(Redis.MGet(one, other)), World.Watch(Redis.Batch(b => b.MGet(one, other))));
        World.Passes(1);
        Assert.That(($"{got}", $"{batch}"), Is.EqualTo(("", "")));
        Cluster.Moves(_slot, 7002);
        World.Passes(0.3);
        Assert.That((got.Last.Select(value => $"{value}"), batch.Last.Select(value => $"{value}")), Is.EqualTo((new[] { "1", "2" }, new[] { "1", "2" })));
    }

    [Test]
    public void Servers_that_send_each_other_are_not_followed_for_ever()
    {
        foreach (var (port, other) in new[] { (7001, 7002), (7002, 7001) })
        {
            Cluster[port].Refuses = command => command.StartsWith("GET", StringComparison.Ordinal) || command.StartsWith("MGET", StringComparison.Ordinal) ? $"MOVED {_slot} 10.0.0.1:{other}" : null;
        }

        var (get, several) = (World.Watch(Redis.Get(_key)), World.Watch(Redis.MGet(_key, Cluster.KeyAt(7003))));
        World.Passes(0.5);
        Assert.That(($"{get}", $"{several}"), Is.EqualTo(("", "")));
        World.Passes(3);
        Assert.That(new[] { get.Error, several.Error }, Has.All.InstanceOf<RedisErrorException>().With.All.Property("Code").EqualTo("MOVED"));
        Assert.That(Cluster[7001].Heard.Concat(Cluster[7002].Heard).Count(command => command == $"GET {_key}"), Is.EqualTo(18));
    }

    [Test]
    public void A_server_that_cannot_be_named_is_found_by_the_map()
    {
        Cluster.Moves(_slot, 7002);
        Cluster[7001].Refuses = command => command == $"INCR {_key}" ? $"MOVED {_slot} ?:7002" : null;
        var incr = World.Watch(Redis.Incr(_key));
        World.Passes(0.3);
        Assert.That($"{incr}", Is.EqualTo("1 |"));
    }

    [Test]
    public void A_server_that_sends_to_itself_is_connected_to_anew()
    {
        var dials = Cluster[7001].Dials;
        var no = $"MOVED {_slot} 10.0.0.1:7001";
        Cluster[7001].Refuses = command => command == $"INCR {_key}" && Interlocked.Exchange(ref no, null) is { } text ? text : null;
        var incr = World.Watch(Redis.Incr(_key));
        World.Passes(0.3);
        Assert.That(($"{incr}", Cluster[7001].Dials), Is.EqualTo(("1 |", dials + 1)));
    }

    [Test]
    public void A_dead_primarys_calls_go_to_who_takes_its_place()
    {
        Cluster.Dies(7001);
        var waiting = Enumerable.Range(0, 100).Select(i => World.Watch(Redis.Incr(_key))).ToArray();
        World.Passes(2);
        Assert.That(waiting.Select(story => $"{story}"), Has.All.Empty);
        Cluster.Rises(7101);
        World.Passes(0.6);
        Assert.That(waiting.Select(story => $"{story}"), Is.EqualTo(Enumerable.Range(1, 100).Select(i => $"{i} |")));
        Assert.That(Cluster.Asked, Is.LessThan(20));
    }

    [Test]
    public void A_split_command_waits_for_who_takes_the_place_of_a_dead_primary()
    {
        Bytes[] keys = [_key, Cluster.KeyAt(7002), Cluster.KeyAt(7003)];
        Cluster.Dies(7001);
        var got = World.Watch(Redis.MGet(keys));
        World.Passes(1);
        Cluster.Rises(7101);
        World.Passes(0.6);
        Assert.That((got.Last.Count, World.Trouble), Is.EqualTo((3, "")));
    }

    [Test]
    public void What_was_sent_to_a_primary_that_dies_is_not_sent_again()
    {
        Cluster[7001].IsSilent = true;
        var (incr, get) = (World.Watch(Redis.Incr(_key)), World.Watch(Redis.Get(_key)));
        Cluster.Dies(7001);
        Cluster.Rises(7101);
        World.Passes(0.6);
        Assert.That(($"{incr}", $"{get}"), Is.EqualTo(("#ReplyLostException", "null |")));
    }

    [Test]
    public void A_command_that_waits_follows_its_slot()
    {
        Cluster.Moves(_slot, 7002);
        Cluster[7002].Refuses = command => command.StartsWith("BLPOP", StringComparison.Ordinal) ? "ERR heard" : null;
        var popped = World.Watch(Redis.BLPop(TimeSpan.FromSeconds(1), _key));
        Assert.That(popped.Error, Is.InstanceOf<RedisErrorException>().With.Message.EqualTo("ERR heard"));
    }

    [Test]
    public void A_lease_that_is_told_of_another_server_is_there_the_next_time()
    {
        Cluster.Moves(_slot, 7002);
        var (first, second) = (Lease(), Lease());
        Assert.That(($"{first}", $"{second}"), Is.EqualTo(("#RedisErrorException", "1 |")));

        Story<long> Lease() => World.Watch(Redis.Lease(async session => await session.Incr(_key), _key));
    }

    [Test]
    public void Commands_at_random_while_slots_move_get_what_they_wrote()
    {
        var random = new Random(3);
        var written = new Dictionary<string, long>();
        var wrong = new List<string>();
        for (var round = 0; round < (Live.IsSoak ? 3000 : 150); round++)
        {
            Step(random);
            var batch = Enumerable.Range(0, 20).Select(_ => $"n{random.Next(40)}").Select(key => (Key: key, Expected: written[key] = written.GetValueOrDefault(key) + 1)).ToArray();
            var replies = batch.Select(one => World.Watch(Redis.Incr(one.Key))).ToArray();
            World.Passes(0.3);
            wrong.AddRange(batch.Zip(replies, (one, reply) => $"{reply}" == $"{one.Expected} |" ? "" : $"{one.Key}: {reply} for {one.Expected}").Where(text => text.Length > 0));
        }

        Assert.That(wrong, Is.Empty);

        // A slot begins to move, one key goes ahead, or it has moved.
        void Step(Random chance)
        {
            var slot = ClusterFake.SlotOf($"n{chance.Next(40)}");
            var to = 7001 + chance.Next(3);
            if (!Cluster.Moving.ContainsKey(slot) && Cluster.Owner[slot] != to)
            {
                Cluster.Moving[slot] = (to, [.. Cluster.Data.Keys.Where(key => ClusterFake.SlotOf(key) == slot && chance.Next(2) == 0)]);
            }
            else if (Cluster.Moving.TryGetValue(slot, out var move))
            {
                Cluster.Moves(slot, move.To);
            }
        }
    }
}
