using System.Globalization;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A queue whose consumers are killed at random while its server is restarted.</summary>
public class RedisQueueKilledTests
{
    private readonly List<string> _lines = [];
    private readonly List<(Child Child, Thread Reader)> _consumers = [];
    private readonly HashSet<Child> _atWork = [];

    [Test]
    public void Nothing_acknowledged_is_lost_and_nothing_done_comes_again()
    {
        var (producers, consumers, items, kills, restarts) = Live.IsSoak ? (8, 8, 100_000, 60, 3) : (2, 2, 3000, 3, 1);
        var every = Math.Max(1, kills / (restarts + 1));
        using var live = new Live();
        using var server = RedisServer.Start("--appendonly", "yes", "--appendfsync", "always");
        for (var i = 0; i < consumers; i++)
        {
            Begin($"redis-consumer {server.Port}");
        }

        var putting = Enumerable.Range(0, producers).Select(n => new Child($"redis-producer {server.Port} {n} {items / producers} {kills}")).ToList();
        try
        {
            for (var kill = 0; kill < kills; kill++)
            {
                live.Run(() => AtWork(live.Hub, _consumers[kill].Child));
                _consumers[kill].Child.Signal("KILL");
                Begin($"redis-consumer {server.Port}");
                if (kill % every == 0 && restarts-- > 0)
                {
                    server.Kill();
                    server.StartAgain();
                }
            }

            foreach (var producer in putting)
            {
                Assert.That(producer.Ends().Output, Does.EndWith($"acknowledged {items / producers}\n"));
            }

            using var redis = new RedisClient(server.Uri(), hub: live.Hub);
            live.Run(async () =>
            {
                while (await redis.XLen("{shop:queue:jobs}") > 0)
                {
                    await live.Hub.Sleep(TimeSpan.FromMilliseconds(50));
                }
            });
        }
        finally
        {
            // What a consumer has written is read, however it ended.
            _consumers.ForEach(one => one.Child.Signal("KILL"));
            _consumers.ForEach(one => one.Reader.Join());
            _consumers.ForEach(one => one.Child.Dispose());
            putting.ForEach(child => child.Dispose());
        }

        Check(producers, items / producers);
    }

    // One that is killed as it begins shows nothing.
    private async Task AtWork(Hub hub, Child child)
    {
        await hub.Sleep(TimeSpan.FromSeconds(1));
        for (var looks = 0; looks < 1000 && !IsAtWork(child); looks++)
        {
            await hub.Sleep(TimeSpan.FromMilliseconds(5));
        }
    }

    private bool IsAtWork(Child child)
    {
        lock (_lines)
        {
            return _atWork.Contains(child);
        }
    }

    private void Begin(string program)
    {
        var child = new Child(program);
        var reader = new Thread(() => Read(child)) { IsBackground = true };
        reader.Start();
        _consumers.Add((child, reader));
    }

    private void Read(Child child)
    {
        while (child.Line() is { } line)
        {
            lock (_lines)
            {
                _lines.Add(line);
                if (line != "begun")
                {
                    _atWork.Add(child);
                }
            }
        }
    }

    private void Check(int producers, int each)
    {
        string[][] all;
        lock (_lines)
        {
            all = [.. _lines.Select(line => line.Split(' '))];
        }

        var got = all.Where(words => words[0] == "got" && words.Length == 4).Select(words => (Id: StreamId.Parse(words[1]), Count: int.Parse(words[2], CultureInfo.InvariantCulture), Value: words[3])).ToList();
        var done = all.Where(words => words[0] == "done" && words.Length == 3).ToDictionary(words => StreamId.Parse(words[1]), words => int.Parse(words[2], CultureInfo.InvariantCulture));
        var first = got.GroupBy(one => one.Value).Select(same => same.MinBy(one => one.Count)).ToList();
        TestContext.Out.WriteLine($"{got.Count} deliveries of {first.Count} items, {got.Count(one => one.Count > 1)} of them again.");
        Assert.That(got.Any(one => one.Count > 1), "Nobody was killed at work: this showed nothing.");
        Assert.That(first, Has.Count.EqualTo(producers * each), "Items are missing.");
        Assert.That(got.Select(one => (one.Id, one.Count)), Is.Unique, "Two had the same delivery.");
        Assert.That(got.Where(one => done.TryGetValue(one.Id, out var count) && one.Count > count), Is.Empty, "What was done came again.");
        Assert.That(got.GroupBy(one => one.Value).Where(same => same.Select(one => one.Id).Distinct().Count() > 1), Is.Empty, "An item was put twice.");
        foreach (var ofOne in first.GroupBy(one => one.Value.Split(':')[0]))
        {
            Assert.That(ofOne.OrderBy(one => one.Id.Time).ThenBy(one => one.Id.Number).Select(one => one.Value), Is.Ordered, "A producer's items are out of order.");
        }
    }
}
