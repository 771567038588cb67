using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A redis-server that is killed while callers are at work.</summary>
public class RedisRestartTests
{
    [Test]
    public void Every_caller_is_told_and_nothing_acknowledged_is_lost()
    {
        const int Callers = 200;
        using var server = RedisServer.Start("--appendonly", "yes", "--appendfsync", "always");
        using var live = new Live();
        using var redis = new RedisClient(server.Uri(), new() { MaxReconnectDelay = TimeSpan.FromMilliseconds(200) }, live.Hub);
        var isOver = false;
        var callers = Enumerable.Range(0, Callers).Select(async n =>
        {
            var (acknowledged, failed) = (0L, 0L);
            while (!Volatile.Read(ref isOver))
            {
                try
                {
                    acknowledged = await redis.Incr($"n{n}");
                }
                catch (Exception error) when (error is ReplyLostException or ConnectionException or TimeoutException or RedisErrorException)
                {
                    failed++;
                }
            }

            return (Acknowledged: acknowledged, Failed: failed);
        }).ToArray();
        for (var i = 0; i < 3; i++)
        {
            live.Await(redis.Repeatable().Incr("rounds"));
            server.Kill();
            server.StartAgain();
            live.Await(redis.Repeatable().Incr("rounds"));
        }

        Volatile.Write(ref isOver, true);
        var told = live.Await(Task.WhenAll(callers));
        for (var n = 0; n < Callers; n++)
        {
            // Each failure may have been carried out, or not.
            var stored = live.Await(redis.Get($"n{n}"))!.Value.ToInt64();
            Assert.That(stored, Is.InRange(told[n].Acknowledged, told[n].Acknowledged + told[n].Failed));
        }
    }
}
