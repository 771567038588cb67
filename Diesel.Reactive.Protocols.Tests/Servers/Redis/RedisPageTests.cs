using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Each block of code of docs/protocols/redis.md runs as it stands there, but for where the servers are, and does what the page says.</summary>
[NonParallelizable]
public class RedisPageTests : RedisFixture
{
    private const string Hosts = "10.0.0.1,10.0.0.2,10.0.0.3";

    private static readonly CodeBlock[] Blocks = [.. Markdown.CSharpBlocks(File.ReadAllText(Repository.PathOf("docs", "protocols", "redis.md")))];

    private static readonly Check[] OneServer =
    [
        new("Get(\"mykey\")", "", ["myvalue"]),
        new("HSet(\"user:7\"", """Console.WriteLine((age, isMine, await redis.Ttl("session") > TimeSpan.FromMinutes(19), await redis.Get("leader")));""", ["ann: 12.5", "(42, True, True, me)"]),
        new("Command(\"CLIENT INFO\")", "", ["id="]),
        new("redis.Batch(b =>", "Console.WriteLine((name, visits, hits, users.Count));", ["(, 1, 1, 100)"]),
        new("using var careful", """Console.WriteLine(await impatient.Set("a", 1));""", ["True"]),
        new("Repeatable()", """Console.WriteLine(await redis.Get("mykey"));""", ["myvalue"]),
        new("WriteLine(what)", "await redis.Ping();", ["ClientDisconnected"], redis => redis.Command("CLIENT KILL", "TYPE", "normal").AsTask()),
        new("BLPop(TimeSpan", "", ["sweep from jobs"], redis => redis.LPush("jobs", "sweep").AsTask()),
        new("First.Of(", """Console.WriteLine("over");""", ["over"], redis => redis.LPush("jobs", "sweep").AsTask()),
        new("session.Wait(", """Console.WriteLine((acknowledged, await redis.Get("order:7")));""", ["(0, paid)"]),
        new("Watch([", """Console.WriteLine((balance, await redis.Get("account:7")));""", ["(-5, -5)"]),
        new("redis.Scan(", "Console.WriteLine(ten.Count);", ["session:1", "0"], redis => redis.Set("session:1", "x").AsTask()),
        new("'INCRBY'", """Console.WriteLine((doubled, await redis.Get("counter")));""", ["(10, 5)"]),
        new("ForEachAsync", "", ["chan.b hello"], redis => redis.Publish("chan.b", "hello").AsTask()),
        new("news.Gaps", "", ["hello"]),
        new("ToInbox", "", ["hello, 0 dropped so far"], redis => redis.Publish("news", "hello").AsTask()),
        new("Lock(\"job\"", """using var next = await redis.Lock("job").Acquire(); Console.WriteLine(next.Fence > 0);""", ["mine, with the number ", "True"]),
        new("mine.Lost", """Console.WriteLine(await redis.HGet("report:last", "by") == mine.Fence);""", ["True"], redis => redis.Del("report").AsTask()),
        new("redis.Cached(", "Console.WriteLine((first, again));", ["RedisCacheCounts { Hits = 1, Misses = 1,", "(, )"]),
        new("Task<string> Page", """Console.WriteLine((await Page("index"), await redis.Get("page:index")));""", ["<h1>index</h1>", "(<h1>index</h1>, <h1>index</h1>)"]),
        new("XReadGroupAll", "await working.ToAwaitable();", ["ann does sweep"]) { Holds = async redis => await redis.XPending("jobs", "workers") is { Count: 0 } },
        new("'PEXPIRE'", """Console.WriteLine((isAllowed, await redis.Ttl("limit:ann") > TimeSpan.FromSeconds(50)));""", ["(True, True)"]),
        new("OnlyHigher", "Console.WriteLine(string.Join(' ', best));", ["Scored { Member = ann, Score = 12.5 }"]),
        new("GeoAdd", "Console.WriteLine(near.Count);", ["1"]),
        new("class Bloom", """Console.WriteLine(await redis.BfAdd("filter", "item").Select(_ => "").Catch((RedisErrorException no) => Observable.Return(no.Message)));""", ["ERR unknown command 'BF.ADD'"]),
        new("new TcpService(", """stub.Start(); using var client = new RedisClient("localhost:6379", new() { Protocol = RespVersion.Resp2 }); Console.WriteLine(await client.Ping());""", ["PONG"]),
    ];

    private static readonly Check[] SeveralServers =
    [
        new("cluster.MGet", "Console.WriteLine(string.Join(',', users));", ["Ann,,"]),
        new("ReadFrom.Nearest", """Console.WriteLine(name ?? "Ann");""", ["Ann"]),
        new("/orders", """Console.WriteLine(await watched.Get("user:7"));""", ["Ann"]),
    ];

    [Test]
    public void Each_block_is_checked_once() =>
        Assert.That(Blocks.Select(block => OneServer.Concat(SeveralServers).Count(check => check.IsOf(block))), Has.All.EqualTo(1).And.Exactly(OneServer.Length + SeveralServers.Length).Items);

    [TestCaseSource(nameof(OneServer))]
    public void A_block_does_what_the_page_says(Check check)
    {
        var own = Daemon.FreePort().Port;
        Run(check, code => code.Replace("6379", $"{own}", StringComparison.Ordinal).Replace("localhost\"", $"127.0.0.1:{Server.Port}\"", StringComparison.Ordinal));
    }

    [Test]
    public void A_block_of_a_cluster_does_what_the_page_says()
    {
        using var servers = new RedisClusterServers(Live, nodeTimeout: 15_000);
        Array.ForEach(SeveralServers[..2], check => Run(check, code => code.Replace(Hosts, servers.Uri["redis://".Length..], StringComparison.Ordinal)));
    }

    [Test]
    public void A_block_of_Sentinels_does_what_the_page_says()
    {
        var port = Daemon.FreePort();
        using var sentinel = new Daemon(
            "/usr/bin/redis-server", "redis-server", $"port {port.Port}\nbind 127.0.0.1\ndir \"{{0}}\"\nsentinel monitor orders 127.0.0.1 {Server.Port} 1\n", port, "{0}/config", "--sentinel");
        Run(SeveralServers[2], code => code.Replace(Hosts, $"127.0.0.1:{port.Port}", StringComparison.Ordinal));
    }

    private void Run(Check check, Func<string, string> change)
    {
        using var other = Client();
        Exception? wrong = null;
        var program = new PageProgram(change(Blocks.Single(check.IsOf).Code), change(check.Then), ["Redis"], "", ("redis", typeof(RedisClient), Redis));
        Live.Run(() => check.Meanwhile?.Invoke(other) ?? Task.CompletedTask);
        using var running = Live.Hub.Fork(async () =>
        {
            try
            {
                await program.Run();
            }
            catch (Exception error)
            {
                wrong = error;
            }
        });
        try
        {
            Until(async () =>
            {
                await (check.Meanwhile?.Invoke(other) ?? Task.CompletedTask);
                return wrong is not null || (check.IsMet(program.Printed) && await check.Holds(other));
            });
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{check}: printed was '{string.Join('|', program.Printed)}' instead of '{string.Join('|', check.Printed)}'.");
        }

        Assert.That(wrong, Is.Null);
    }

    /// <summary>What a block is to do.</summary>
    /// <param name="Has">What no other block has in it.</param>
    /// <param name="Then">Asked behind it.</param>
    /// <param name="Printed">How lines that are printed begin, in order.</param>
    /// <param name="Meanwhile">Done before, and again and again meanwhile, by another client; null: nothing.</param>
    public sealed record Check(string Has, string Then, string[] Printed, Func<RedisClient, Task>? Meanwhile = null)
    {
        /// <summary>Whether it holds at the server by then.</summary>
        public Func<RedisClient, Task<bool>> Holds { get; init; } = static _ => Task.FromResult(true);

        internal bool IsOf(CodeBlock block) => block.Code.Contains(Has, StringComparison.Ordinal);

        internal bool IsMet(IReadOnlyList<string> lines)
        {
            var met = 0;
            foreach (var line in lines)
            {
                met += met < Printed.Length && line.StartsWith(Printed[met], StringComparison.Ordinal) ? 1 : 0;
            }

            return met == Printed.Length;
        }

        public override string ToString() => Has;
    }
}
