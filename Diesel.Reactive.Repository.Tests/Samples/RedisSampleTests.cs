using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Diesel.Reactive.Tests;

/// <summary>What the samples of Redis do, each on a server of its own.</summary>
[Parallelizable(ParallelScope.All)]
public class RedisSampleTests
{
    [SetUp]
    public void Require() => SampleTool.Require("/usr/bin/redis-server", "redis-server");

    [Test]
    public async Task Redis_subhub_acts_on_its_channels() => Assert.That(await Printed("redis-subhub"), Is.EqualTo(
        "acting on A: one\nacting on B: two\nacting on A: three\nthe connection was lost, and is back\nacting on A: four\nacting on B: five\n"));

    [Test]
    public async Task Redis_lock_adds_up()
    {
        var lines = (await Printed("redis-lock")).Split('\n');
        Assert.That(lines[..9], Is.EquivalentTo(new[] { "A", "B", "C" }.SelectMany(name => Enumerable.Repeat($"{name} has added one", 3))));
        Assert.That(lines[9..], Is.EqualTo(new[] { "the sum is 9", "The lock 'job' is held by somebody else.", "somebody has removed the key: the lock is lost", "" }));
    }

    [Test]
    public async Task Jobs_does_all_jobs() => Assert.That(await Printed("jobs"), Does.Match("^60 jobs are done, though [1-9][0-9]* workers were killed\n$"));

    [Test]
    public async Task Beyond_is_the_seeds_over_several_processes()
    {
        var lines = (await Printed("beyond")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines.Where(line => line.Contains(" got Item ", StringComparison.Ordinal)).Select(line => line.Split(" got ")[1]), Is.EquivalentTo(Enumerable.Range(0, 20).Select(n => $"Item {n}")));
        Assert.That((lines.Count(line => line.EndsWith(": the event was triggered!", StringComparison.Ordinal)), lines[^1]), Is.EqualTo((2, "Boom!")).Or.EqualTo((1, "Boom!")));
    }

    [Test]
    [Platform("Linux")]
    public async Task Distributed_lock_has_a_file_that_refuses_who_has_lost_it() =>
        Assert.That(await Printed("distributed-lock"), Is.EqualTo("The file has only numbers greater than the one before, though somebody wrote who had lost the lock.\n"));

    [Test]
    public async Task Redis_chat_tells_everybody_also_those_of_another_server()
    {
        await using var one = await SampleProcess.Start("redis-chat", "0");
        var (port, uri) = await Listening(one);
        await using var other = await SampleProcess.Start("redis-chat", "0", uri);
        var (otherPort, _) = await Listening(other);
        using var ann = new RawPeer(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, port));
        using var bob = new RawPeer(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, otherPort));

        // Whoever has said something has been heard: then both listen.
        ann.Sends("ready?\r\n").Reads(1);
        bob.Sends("hello\r\n");
        Assert.That(Read(bob, "hello\r\n"), Does.Match(@"127\.0\.0\.1:\d+: hello\r\n$"));
        Assert.That(Read(ann, "hello\r\n"), Does.Contain(": hello\r\n"));
        other.Send(PosixSignal.SIGTERM);
        one.Send(PosixSignal.SIGINT);
        Assert.That((await other.End(), await one.End()), Is.EqualTo(((0, ""), (0, ""))));
    }

    private static string Read(RawPeer peer, string end)
    {
        var text = "";
        while (!text.EndsWith(end, StringComparison.Ordinal) && peer.Reads(1) is { Length: 1 } next)
        {
            text += next;
        }

        return text;
    }

    private static async Task<string> Printed(string sample)
    {
        await using var process = await SampleProcess.Start(sample);
        var printed = await process.ReadToEnd();
        Assert.That(await process.End(), Is.EqualTo((0, "")));
        return printed;
    }

    private static async Task<(int Port, string Uri)> Listening(SampleProcess chat)
    {
        var line = Regex.Match(await chat.Line(), @"^listening on .*:(\d+), with (redis://.*)$");
        return (int.Parse(line.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), line.Groups[2].Value);
    }
}
