using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A redis-server that is killed, again and again, while callers are at work.</summary>
[NonParallelizable]
public class RedisRestartTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    private static readonly (int Callers, int Rounds) Scale = Live.IsSoak ? (1000, 20) : (200, 3);

    [Test]
    public void Every_caller_is_told_nothing_acknowledged_is_lost_and_nothing_is_done_twice()
    {
        using var server = RedisServer.Start("--appendonly", "yes", "--appendfsync", "always");
        using var live = new Live();
        using var redis = new RedisClient(server.Uri(), new() { MaxReconnectDelay = TimeSpan.FromMilliseconds(500) }, live.Hub);
        using var hub = new RedisSubHub(redis);
        var (channel, gaps, got) = (hub.Channels("rounds"), 0, new List<string>());
        using var told = channel.Gaps.Subscribe(_ => gaps++);
        using var heard = channel.Subscribe(message => got.Add(message.Text));
        live.Await(channel.Opened);
        var callers = Enumerable.Range(0, Scale.Callers).Select(n => new Caller(n, redis)).ToArray();
        using var over = new CancellationTokenSource();
        var all = Task.WhenAll(callers.Select(caller => Task.Run(() => caller.Calls(over.Token))));
        var slowest = TimeSpan.Zero;
        for (var round = 1; round <= Scale.Rounds; round++)
        {
            live.Await(redis.Repeatable().Set("round", round));
            server.Kill();
            server.StartAgain();
            var returned = live.Hub.Elapsed;
            live.Run(async () =>
            {
                await redis.Repeatable().Set("round", round);
                slowest = live.Hub.Elapsed - returned is var took && took > slowest ? took : slowest;
                while (gaps < round)
                {
                    await live.Hub.Sleep(TimeSpan.FromMilliseconds(5));
                }

                await redis.Publish("rounds", round);
            });
        }

        over.Cancel();
        live.Await(all);
        TestContext.Out.WriteLine($"{callers.Sum(caller => caller.Told)} calls, {callers.Sum(caller => caller.Failed)} failed; back after {slowest.TotalMilliseconds:0} ms at most");
        Assert.That((gaps, got), Is.EqualTo((Scale.Rounds, Enumerable.Range(1, Scale.Rounds).Select(round => $"{round}").ToArray())));
        foreach (var caller in callers)
        {
            caller.IsRight(live.Await(redis.MGet($"n{caller.Id}", $"s{caller.Id}")));
        }

        if (Live.IsSoak)
        {
            Assert.That(slowest, Is.LessThan(Soon));
        }
    }

    /// <summary>Counts one number up, and stores the next of another, by turns.</summary>
    private sealed class Caller(int id, RedisClient redis)
    {
        private long _counted;
        private long _asked;
        private long _stored;
        private long _storing;
        private bool _isWrong;

        public int Id => id;

        public long Told { get; private set; }

        public long Failed { get; private set; }

        public async Task Calls(CancellationToken over)
        {
            while (!over.IsCancellationRequested)
            {
                await Ask(async () =>
                {
                    _asked++;
                    var number = await redis.Incr($"n{id}");
                    _isWrong |= number <= _counted || number > _asked;
                    _counted = number;
                });
                await Ask(async () =>
                {
                    await redis.Set($"s{id}", ++_storing);
                    _stored = _storing;
                });
            }
        }

        // What nobody has acknowledged may have been done, or not: once at most.
        public void IsRight(IReadOnlyList<Bytes?> kept)
        {
            var (number, value) = (kept[0]?.ToInt64() ?? 0, kept[1]?.ToInt64() ?? 0);
            Assert.That((_isWrong, number, value), Is.EqualTo((false, Math.Clamp(number, _counted, _asked), Math.Clamp(value, _stored, _storing))), $"Caller {id}.");
        }

        private async Task Ask(Func<Task> call)
        {
            Told++;
            try
            {
                await call();
            }
            catch (Exception error) when (error is ReplyLostException or ConnectionException or TimeoutException or RedisErrorException)
            {
                Failed++;
            }
        }
    }
}
