using System.Diagnostics;
using Diesel.Reactive.Protocols.Redis;
using StackExchange.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A queue beside streams as one writes them with StackExchange.Redis, in one process, one after the other on the same server.</summary>
public class RedisCoordinationSpeedTests : RedisFixture
{
    private const int Loops = 64;
    private const string Group = "g";

    private static readonly TimeSpan Span = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Put_take_and_acknowledge_are_faster_than_streams_by_hand()
    {
        // Each twice; the first time is to warm up.
        var (ours, theirs) = (0.0, 0.0);
        for (var round = 0; round < 2; round++)
        {
            ours = Live.Run(Ours);
            theirs = await Theirs();
        }

        TestContext.Out.WriteLine($"{ours:N0} items/s, by hand {theirs:N0} items/s: {ours / theirs:f1} times.");
        Assert.That(ours / theirs, Is.GreaterThan(1));
    }

    private async Task<double> Ours()
    {
        await Redis.FlushAll();
        using var shared = new RedisCoordination(Redis, "shop");
        var queue = shared.Queue<int>("q");
        var (done, over, clock) = (0, Live.Hub.Now + Span, Stopwatch.StartNew());
        for (var i = 0; i < Loops; i++)
        {
            _ = Live.Hub.Fork(async () =>
            {
                while (true)
                {
                    var delivery = await queue.Take();
                    await delivery.AckAsync();
                    done++;
                }
            });
        }

        await Task.WhenAll(Enumerable.Range(0, Loops).Select(async n =>
        {
            while (Live.Hub.Now < over)
            {
                await queue.PutAsync(n);
            }
        }));
        return done / clock.Elapsed.TotalSeconds;
    }

    private async Task<double> Theirs()
    {
        using var multiplexer = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{Server.Port}");
        var db = multiplexer.GetDatabase();
        await db.KeyDeleteAsync("s");
        await db.StreamCreateConsumerGroupAsync("s", Group, "0", createStream: true);
        var (done, over, clock) = (0, false, Stopwatch.StartNew());
        var taking = Enumerable.Range(0, Loops).Select(_ => Task.Run(async () =>
        {
            while (!Volatile.Read(ref over))
            {
                var entries = await db.StreamReadGroupAsync("s", Group, "c", ">", 1);
                foreach (var entry in entries)
                {
                    await db.StreamAcknowledgeAsync("s", Group, entry.Id);
                    await db.StreamDeleteAsync("s", [entry.Id]);
                    Interlocked.Increment(ref done);
                }
            }
        })).ToArray();
        await Task.WhenAll(Enumerable.Range(0, Loops).Select(n => Task.Run(async () =>
        {
            while (clock.Elapsed < Span)
            {
                await db.StreamAddAsync("s", "v", n);
            }
        })));
        var rate = done / clock.Elapsed.TotalSeconds;
        Volatile.Write(ref over, true);
        await Task.WhenAll(taking);
        return rate;
    }
}
