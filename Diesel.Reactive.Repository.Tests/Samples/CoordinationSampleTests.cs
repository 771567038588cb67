using System.Runtime.InteropServices;

namespace Diesel.Reactive.Tests;

/// <summary>What the samples of coordination and pools print.</summary>
[Parallelizable(ParallelScope.All)]
public class CoordinationSampleTests
{
    [TestCase("event", "Waiting ...\nWaiting ...\nWaiting ...\nCoordinator done.\n" +
        "The event was triggered!\nThe event was triggered!\nThe event was triggered!\nWaiting ...\nThe event was triggered!\n")]
    [TestCase("countdown", "Tick ...\nTick ...\nTick ...\nBoom!\n")]
    [TestCase("dispatch", "100 jobs done by 10 workers\n")]
    [TestCase("synchronized", "free:\nA 0\nB 0\nA 1\nB 1\nA 2\nB 2\nlocked:\nA 0\nA 1\nA 2\nB 0\nB 1\nB 2\n")]
    [TestCase("newwait", "fast 0\nfast 1\nslow 0\nfast 2\nfast 3\nslow 1\nfast 4\nfast 5\nnothing for a second\n")]
    [TestCase("orleans", "9.99, 9.49, 8.99\n9.99, 9.49\n")]
    [TestCase("await-foreach", "6\n14\n22\n30\nall put\n38\n")]
    public async Task Prints_and_ends_by_itself(string sample, string output)
    {
        await using var process = await SampleProcess.Start(sample);
        Assert.That(await process.ReadToEnd(), Is.EqualTo(output));
        Assert.That(await process.End(), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task Nats_replays_to_who_comes_later_and_gives_again_what_failed()
    {
        SampleTool.Require("/usr/sbin/nats-server", "nats-server");
        await using var process = await SampleProcess.Start("nats");
        Assert.That(await process.ReadToEnd(), Is.EqualTo("order 0, order 1, order 2\norder 0 (1), order 1 (1), order 2 (1), order 1 (2)\n"));
        Assert.That(await process.End(), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task Queue_gives_each_item_to_one_of_its_two_consumers()
    {
        var lines = await Lines("queue");
        Assert.That(lines.Select(line => line[(line.IndexOf("Item ", StringComparison.Ordinal) + 5)..]), Is.EqualTo(Enumerable.Range(0, 20).Select(n => $"{n}")));
        Assert.That(lines.Count(line => line.StartsWith("A got ", StringComparison.Ordinal)), Is.InRange(8, 12));
    }

    [Test]
    public async Task Fire_wait_meets_nobody_at_first_and_some_later()
    {
        var lines = await Lines("fire-wait");
        Assert.That(lines[..2], Is.EqualTo((string[])["Fired 'thing'", "Fired 'thing'"]));
        Assert.That(lines.Count(line => line == "Fired 'thing'"), Is.EqualTo(5));
        Assert.That(lines.Count(line => line == "Saw 'thing'"), Is.InRange(3, 12));
    }

    [Test]
    public async Task Fanout_gives_everything_to_everyone()
    {
        var lines = await Lines("fanout");
        Assert.That(
            lines.GroupBy(line => line.Split(" got ")[0]).Select(listener => string.Concat(listener.Select(line => line.Split(" got ")[1]))),
            Is.EqualTo(Enumerable.Repeat("0123456789", 10)));
    }

    [Test]
    public async Task Thread_pool_runs_three_at_a_time_and_its_finalizer_last()
    {
        var lines = await Lines("thread-pool");
        Assert.That(lines[..^1], Is.EquivalentTo(Enumerable.Range(0, 12).Select(job => $"job {job} done")));
        Assert.That(lines[^1], Is.EqualTo("all done, never more than 3 at a time"));
    }

    [Test]
    public async Task Queue_fairness_shares_equally()
    {
        var lines = await Lines("queue-fairness");
        Assert.That(lines, Is.EqualTo((string[])["100000 items, between 10000 and 10000 for each worker"]));
    }

    [Test]
    public async Task Holla_pool_is_answered_in_capitals()
    {
        var (server, endPoint) = await SampleProcess.Serve("tcp-holla-server");
        await using var _ = server;
        await using var pool = await SampleProcess.Start("holla-pool", "localhost", $"{endPoint.Port}");
        for (var i = 0; i < 10; i++)
        {
            Assert.That(await pool.Line(), Does.Match(@"^MESSAGE \d+$"));
        }

        pool.Send(PosixSignal.SIGINT);
        Assert.That((await pool.End()).Code, Is.Zero);
    }

    private static async Task<string[]> Lines(string sample)
    {
        await using var process = await SampleProcess.Start(sample);
        var lines = (await process.ReadToEnd()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That((await process.End()).Code, Is.Zero);
        return lines;
    }
}
