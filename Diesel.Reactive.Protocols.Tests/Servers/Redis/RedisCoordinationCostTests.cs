using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>What shared objects send to a server, as its <c>MONITOR</c> tells; what its functions and scripts do within is not counted.</summary>
public class RedisCoordinationCostTests : RedisSharingFixture
{
    private static readonly string[] Unasked = ["PING", "HELLO", "CLIENT"];

    [Test]
    public void An_item_takes_three_commands_and_those_of_a_turn_go_together() => Live.Run(async () =>
    {
        var queue = Here.Queue<int>("q");
        await PutTakeAndAcknowledge(queue, 1);
        Assert.That(await Sent(() => PutTakeAndAcknowledge(queue, 1)), Is.EqualTo(new[] { "diesel_queue_put", "diesel_queue_take", "diesel_queue_settle" }));
        Assert.That(await Sent(() => PutTakeAndAcknowledge(queue, 64)), Is.EqualTo(new[] { "diesel_queue_put", "diesel_queue_take", "diesel_queue_settle" }));
    });

    [Test]
    public void A_free_lock_takes_two_commands() => Live.Run(async () =>
    {
        await Hold();
        Assert.That(await Sent(Hold), Is.EqualTo(new[] { "EVALSHA", "EVALSHA" }));

        async Task Hold() => await (await Here.Lock("l").Acquire()).Release();
    });

    [Test]
    public void A_lock_is_handed_over_by_two_commands_however_many_wait() => Live.Run(async () =>
    {
        var leases = new List<LockLease>();
        leases.Add(await Here.Lock("l").Acquire());
        for (var i = 0; i < 20; i++)
        {
            (i % 4 < 2 ? Here : There).Lock("l").Acquire().Subscribe(leases.Add);
        }

        await Becomes(async () => await Redis.ZCard("{shop:lock:l}:line") == 20);
        await HandOver();
        Assert.That(await Sent(async () =>
        {
            for (var i = 0; i < 4; i++)
            {
                await HandOver();
            }
        }), Is.EqualTo(Enumerable.Repeat("EVALSHA", 8)));

        async Task HandOver()
        {
            var count = leases.Count;
            leases[^1].Dispose();
            await Becomes(() => leases.Count > count);
        }
    });

    [Test]
    public void What_is_set_ticked_or_published_takes_a_command_and_who_waits_for_it_none() => Live.Run(async () =>
    {
        using var inbox = There.Fanout<int>("f").Open();
        await inbox.Opened;
        var (set, ticked) = (Story.Of(There.Event("e").Wait()), Story.Of(There.Countdown("c", 3).Wait()));
        await Here.Event("e").ClearAsync();
        await Here.Countdown("c", 3).TickAsync();
        await Here.Fanout<int>("f").PublishAsync(0);
        await inbox.Get();
        var sent = await Sent(async () =>
        {
            Here.Countdown("c", 3).Tick();
            Here.Countdown("c", 3).Tick();
            Here.Event("e").Set();
            Here.Fanout<int>("f").Publish(1);
            await Becomes(() => set.IsCompleted && ticked.IsCompleted);
            await inbox.Get();
        });
        Assert.That(sent, Is.EquivalentTo(new[] { "diesel_countdown_tick", "diesel_event_change", "diesel_fanout_publish", "diesel_fanout_read" }));
    });

    private static async Task PutTakeAndAcknowledge(RedisQueue<int> queue, int count)
    {
        await Task.WhenAll(Enumerable.Range(0, count).Select(n => queue.PutAsync(n).AsTask()));
        var taken = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => queue.Take().AsTask()));
        await Task.WhenAll(taken.Select(delivery => delivery.AckAsync().AsTask()));
    }

    private async Task<string[]> Sent(Func<Task> work)
    {
        var heard = new List<string>();
        using var watching = Redis.Monitor().Where(command => command.Client != "lua").Subscribe(command => heard.Add(command.Words[command.Words[0] == "FCALL" || command.Words[0] == "ECHO" ? 1 : 0].ToText().Trim()));
        await Becomes(async () => await Says("begins"));
        heard.Clear();
        await work();
        await Becomes(async () => await Says("ends"));
        return [.. heard.TakeWhile(word => word != "ends").Where(word => word != "begins" && !Unasked.Contains(word))];

        async Task<bool> Says(string word)
        {
            await Redis.Command("ECHO", word);
            await Live.Hub.Sleep(TimeSpan.FromMilliseconds(20));
            return heard.Contains(word);
        }
    }
}
