using System.Reactive;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A server that stops for a while, with very many calls that wait for it.</summary>
[NonParallelizable]
public class RedisPauseTests : RedisFixture
{
    private const int Queued = 50_000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(Live.IsSoak ? 3 : 1);

    protected override RedisOptions Options => new() { MaxQueuedCalls = Queued, Timeout = Live.Patience };

    [TearDown]
    public void GoOn() => Server.Signal("CONT");

    [TestCase("the process is stopped")]
    [TestCase("CLIENT PAUSE")]
    public void What_waits_is_bounded_and_all_is_carried_out_afterwards(string how) => Live.Run(async () =>
    {
        await Redis.Set("n", 0);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var other = Client();
        await (how == "CLIENT PAUSE" ? other.Command("CLIENT PAUSE", (long)Pause.TotalMilliseconds).Select(_ => Unit.Default).ToAwaitable() : Signal("STOP"));

        // As many as are in flight are written before others wait.
        var calls = new List<Task<long>>();
        foreach (var more in new[] { Options.MaxInFlight, Queued })
        {
            calls.AddRange(Enumerable.Range(0, more).Select(_ => Redis.Incr("n").AsTask()));
            await Live.Hub.Sleep(TimeSpan.Zero);
        }

        Assert.That((Redis.Counts.InFlight, Redis.Counts.Queued), Is.EqualTo((Options.MaxInFlight, Queued)));
        Assert.That(await Failure(Redis.Incr("n").Select(n => (object?)n)), Is.InstanceOf<PipelineFullException>().With.Message.Contains("50000").And.Message.Contains(nameof(RedisOptions.MaxQueuedCalls)));
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(64 * 1024 * 1024));
        if (how != "CLIENT PAUSE")
        {
            await Live.Hub.Sleep(Pause);
            await Signal("CONT");
        }

        Assert.That(await Task.WhenAll(calls), Is.EqualTo(Enumerable.Range(1, calls.Count).Select(n => (long)n)));
        Assert.That((Redis.Counts.InFlight, Redis.Counts.Queued), Is.EqualTo((0, 0)));
    });

    [Test]
    public void Bytes_that_wait_are_bounded_too() => Live.Run(async () =>
    {
        using var redis = Client(Options with { MaxInFlight = 16 });
        await redis.Ping();
        await Signal("STOP");
        try
        {
            var value = new byte[64 * 1024];
            var calls = Enumerable.Range(0, 400).Select(_ => redis.Set("k", value).AsTask()).ToArray();
            await Live.Hub.Sleep(TimeSpan.Zero);
            var full = calls.Where(call => call.IsFaulted).ToArray();
            Assert.That(full.Select(call => call.Exception!.InnerException), Is.Not.Empty.And.All.InstanceOf<PipelineFullException>().With.Message.Contains(nameof(RedisOptions.MaxQueuedBytes)));
            await Signal("CONT");
            Assert.That(await Task.WhenAll(calls.Except(full)), Is.All.True);
        }
        finally
        {
            await Signal("CONT");
        }
    });

    private Awaitable<Unit> Signal(string name) => Live.Hub.Run(() => Server.Signal(name));
}
