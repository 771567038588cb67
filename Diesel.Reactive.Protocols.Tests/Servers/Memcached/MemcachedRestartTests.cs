using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Tests;

/// <summary>A memcached that is killed, again and again, while callers are at work; and one behind a network that loses a reply.</summary>
[NonParallelizable]
public class MemcachedRestartTests
{
    private static readonly (int Callers, int Rounds) Scale = Live.IsSoak ? (1000, 10) : (200, 3);

    [Test]
    public void Every_caller_gets_an_answer_or_an_error_and_it_is_soon_back()
    {
        using var server = new MemcachedDaemon();
        using var live = new Live();
        using var cache = new MemcachedClient($"{server.EndPoint}", new() { MaxReconnectDelay = TimeSpan.FromMilliseconds(200) }, live.Hub);
        using var over = new CancellationTokenSource();
        var callers = Enumerable.Range(0, Scale.Callers).Select(n => new Caller(n, cache)).ToArray();
        var all = Task.Run(() => live.Run(() => Task.WhenAll(callers.Select(caller => caller.Calls(over.Token)))));
        var slowest = TimeSpan.Zero;
        for (var round = 0; round < Scale.Rounds; round++)
        {
            live.Await(Observable.Defer(() => cache.Set("round", "x")).Retry(100));
            server.Kill();
            server.StartAgain();
            var returned = live.Hub.Elapsed;
            live.Await(Observable.Defer(() => cache.Get("round")).Retry(1000));
            var took = live.Hub.Elapsed - returned;
            slowest = took > slowest ? took : slowest;
        }

        over.Cancel();
        live.Await(all);
        TestContext.Out.WriteLine($"{callers.Sum(static caller => caller.Asked)} calls, {callers.Sum(static caller => caller.Failed)} failed; back after {slowest.TotalMilliseconds:0} ms at most");
        Assert.That(callers.SelectMany(static caller => caller.Wrong), Is.Empty);
        Assert.That(callers.Sum(static caller => caller.Answered) + callers.Sum(static caller => caller.Failed), Is.EqualTo(callers.Sum(static caller => caller.Asked)));
        Assert.That(callers.Select(static caller => caller.Answered), Has.All.GreaterThan(0));
        if (Live.IsSoak)
        {
            Assert.That(slowest, Is.LessThan(TimeSpan.FromSeconds(1)));
        }
    }

    // Law 10: one reply that does not come must not make all later ones late for ever.
    [Test]
    public void A_reply_that_is_lost_ends_its_connection_and_the_next_one_serves()
    {
        using var server = new MemcachedDaemon();
        using var live = new Live();
        using var proxy = new FaultProxy(server.Port);
        using var cache = new MemcachedClient($"127.0.0.1:{proxy.Port}", new() { Timeout = TimeSpan.FromSeconds(1) }, live.Hub);
        live.Await(cache.Set("a", "1"));
        live.Await(cache.Set("b", "2"));
        proxy.Drops("VA 1 O3 f0\r\n1\r\n".Length);

        // What the second asks for comes in place of what the first has asked for, and neither may take it for its own.
        var (first, second) = (cache.Get("a").AsTask(), cache.Get("b").AsTask());
        Assert.That(Outcome(live, first), Is.EqualTo("1").Or.StartsWith("#"));
        Assert.That(Outcome(live, second), Is.EqualTo("2").Or.StartsWith("#"));
        Assert.That($"{live.Await(cache.Get("a"))}{live.Await(cache.Get("b"))}", Is.EqualTo("12"));
        Assert.That(proxy.Dials, Is.EqualTo(2));
    }

    [Test]
    public void A_reply_that_is_held_back_is_a_timeout_and_the_next_connection_serves()
    {
        using var server = new MemcachedDaemon();
        using var live = new Live();
        using var proxy = new FaultProxy(server.Port);
        using var cache = new MemcachedClient($"127.0.0.1:{proxy.Port}", new() { Timeout = TimeSpan.FromSeconds(1) }, live.Hub);
        live.Await(cache.Set("a", "1"));
        proxy.Holds = true;
        Assert.That(() => live.Await(cache.Get("a")), Throws.InstanceOf<TimeoutException>().Or.InstanceOf<ReplyLostException>());
        proxy.Holds = false;
        Assert.That($"{live.Await(cache.Get("a"))}", Is.EqualTo("1"));
    }

    [Test]
    public void Cuts_and_resets_take_nobody_anothers_value()
    {
        var calls = Live.IsSoak ? 2000 : 100;
        using var server = new MemcachedDaemon();
        using var live = new Live();
        using var proxy = new FaultProxy(server.Port, seed: 3) { Cuts = true };
        using var direct = new MemcachedClient($"{server.EndPoint}", hub: live.Hub);
        using var cache = new MemcachedClient($"127.0.0.1:{proxy.Port}", new() { MaxReconnectDelay = TimeSpan.FromMilliseconds(20) }, live.Hub);
        live.Await(Enumerable.Range(0, 100).Select(n => direct.Set($"k{n}", $"v{n}")).Merge().ToList());
        using var worries = proxy.Worries();
        var callers = Enumerable.Range(0, 100).Select(n => new Caller(n, cache)).ToArray();
        live.Run(() => Task.WhenAll(callers.Select(caller => caller.Reads(calls))));
        worries.Dispose();
        TestContext.Out.WriteLine($"{callers.Sum(static caller => caller.Asked)} calls, {callers.Sum(static caller => caller.Failed)} failed, {proxy.Dials} connections");
        Assert.That(callers.SelectMany(static caller => caller.Wrong), Is.Empty);
        Assert.That(callers.Sum(static caller => caller.Answered), Is.GreaterThan(callers.Sum(static caller => caller.Asked) / 2));
    }

    private static string Outcome(Live live, Task<Bytes?> task)
    {
        try
        {
            return $"{live.Await(task)}";
        }
        catch (Exception error) when (error is ProtocolException or TimeoutException or IOException or ReplyLostException)
        {
            return $"#{error.GetType().Name}";
        }
    }

    /// <summary>Stores a value of its own, reads it and what others share.</summary>
    private sealed class Caller(int id, MemcachedClient cache)
    {
        public long Asked { get; private set; }

        public long Answered { get; private set; }

        public long Failed { get; private set; }

        public List<string> Wrong { get; } = [];

        public async Task Calls(CancellationToken over)
        {
            while (!over.IsCancellationRequested)
            {
                await Ask(async () => await cache.Set($"own{id}", id) == Stored.Stored);
                await Ask(async () => await cache.Get($"own{id}") is not { } value || value == (Bytes)id);
                await Ask(async () => (await cache.GetMany($"own{id}", "none")).All(one => one.Key == (Bytes)$"own{id}" && one.Value == (Bytes)id));
            }
        }

        public async Task Reads(int count)
        {
            for (var n = 0; n < count; n++)
            {
                var key = (id + (7 * n)) % 100;
                await Ask(async () => await cache.Get($"k{key}") == (Bytes)$"v{key}");
                await Ask(async () => await cache.GetMany($"k{key}", $"none{n}", "k1") is var found && found[$"k{key}"] == (Bytes)$"v{key}" && found["k1"] == (Bytes)"v1");
            }
        }

        private async Task Ask(Func<Task<bool>> call)
        {
            Asked++;
            try
            {
                if (!await call())
                {
                    Wrong.Add($"caller {id}, call {Asked}");
                }

                Answered++;
            }
            catch (Exception error) when (error is ReplyLostException or ConnectionException or TimeoutException or PipelineFullException)
            {
                Failed++;
            }
        }
    }
}
