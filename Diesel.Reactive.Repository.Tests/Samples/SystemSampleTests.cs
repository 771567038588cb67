using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>What the samples of loops, signals, processes and the console print.</summary>
[Parallelizable(ParallelScope.All)]
public class SystemSampleTests
{
    private const int Hangup = 1;
    private const int User1 = 10;

    [TestCase(
        "keep-alive",
        "loop 'crasher' has begun\n" +
        "loop 'crasher' has died for the first time and begins again in 0.1 s: InvalidOperationException: BAM!\n" +
        "loop 'crasher' has begun\n" +
        "loop 'crasher' has died for the second time and begins again in 0.2 s: InvalidOperationException: BAM!\n" +
        "loop 'crasher' has begun\n" +
        "loop 'crasher' has died for the third time and begins again in 0.4 s: InvalidOperationException: BAM!\n" +
        "loop 'crasher' has begun\n" +
        "loop 'crasher' has ended: RestartLimitException: loop 'crasher' died again after 3 restarts within 60 s and was given up; it has died 4 times. " +
        "See the inner exception for the last cause.\n" +
        "it died 4 times\n")]
    [TestCase(
        "child-test",
        "Ann plays\nBob plays\nAnn plays\nBob plays\n3 loops run\nthe parent dies\n" +
        "Ann is told that the parent has died\nBob is told that the parent has died\n")]
    [TestCase(
        "forker",
        "forked 5, of which 0 run\ngave way, and 5 run\n" +
        "fork 1 is done\nfork 2 is done\nfork 3 is done\nfork 4 is done\nfork 5 is done\nthe last one has ended\n")]
    [TestCase(
        "thread",
        "blocked for 0.5 s and 0.3 s at once; the hub had many beats meanwhile\n" +
        "gave up, and the work was told\n" +
        "an error comes back, too: it has failed\n")]
    [TestCase(
        "santa",
        "Ho ho ho! 9 reindeer deliver toys\nHo ho ho! 9 reindeer deliver toys\nSanta has met elves in between, and is tired\n")]
    [TestCase(
        "process-pool",
        "1229 primes below 10000\n2262 primes below 20000\n3245 primes below 30000\n" +
        "the work threw: there are no primes below -1\n" +
        "the process crashed: code 3\n" +
        "and works again: 25 primes below 100\n")]
    public async Task Prints_and_ends_by_itself(string sample, string output)
    {
        await using var process = await SampleProcess.Start(sample);
        Assert.That(await process.ReadToEnd(), Is.EqualTo(output));
        Assert.That(await process.End(), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task Timer_has_times_side_by_side()
    {
        await using var process = await SampleProcess.Start("timer");
        var lines = (await process.ReadToEnd()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines[..^1], Is.EquivalentTo(new[]
        {
            "fast 1", "fast 2", "fast 3", "fast 4", "fast 5", "slow 1", "slow 2", "tick 0", "tick 1", "tick 2", "tick 3",
        }));
        Assert.That(lines[^1], Is.EqualTo("no timer was early"));
    }

    [Test]
    public async Task Signals_tells_and_begins_anew()
    {
        await using var process = await SampleProcess.Start("signals");
        Assert.That(await process.Line(), Does.StartWith($"kill -USR1 {process.Id} "));
        for (var i = 0; i < 2; i++)
        {
            process.Send(User1);
            Assert.That(await process.Line(), Does.Match(@"^\d+ rounds in \d+\.\d s$"));
        }

        process.Send(Hangup);
        Assert.That(await process.Line(), Is.EqualTo("began anew"));
    }

    [Test]
    public async Task Stdin_shares_lines_and_ends_with_them()
    {
        await using var process = await SampleProcess.Start("stdin");
        foreach (var line in new[] { "a", "b", "c", "d" })
        {
            await process.Type(line);
        }

        process.EndInput();
        var lines = (await process.ReadToEnd()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines[1..].Select(static line => line[(line.IndexOf(" got ", StringComparison.Ordinal) + 5)..]), Is.EqualTo(new[] { "'a'", "'b'", "'c'", "'d'" }));
        Assert.That(await process.End(), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task Sleep_server_replies_when_the_time_is_over()
    {
        var (process, server) = await SampleProcess.Serve("sleep-server");
        await using var _ = process;
        Assert.That(await SampleTalk.Ask(server, ["0.05\r\nlong\r\n61\r\n0\r\n"]), Is.EqualTo(
            "slept for 0.05 s\r\nsay a number of seconds, up to 60\r\nsay a number of seconds, up to 60\r\nslept for 0 s\r\n"));
    }

    [Test]
    public async Task Udp_echo_sends_back()
    {
        var (process, server) = await SampleProcess.Serve("udp-echo");
        await using var _ = process;
        Assert.That(await SampleTalk.AskDatagram(server, "hello"), Is.EqualTo("hello"));
    }

    [Test]
    public async Task Chat_console_is_a_chat_for_telnet_and_for_its_own_client()
    {
        var (process, server) = await SampleProcess.Serve("chat-console");
        await using var _ = process;
        await using var client = await SampleProcess.Start("chat-console", "client", "localhost", $"{server.Port}");
        Assert.That(await client.Line(), Is.EqualTo("your name?"));
        await client.Type("Ann");
        Assert.That(await client.Line(), Is.EqualTo("* Ann has come"));

        using var telnet = await SampleTalk.Connect(new IPEndPoint(IPAddress.Loopback, server.Port));
        await SampleTalk.ReadUntil(telnet, "your name?\r\n");
        await SampleTalk.Say(telnet, "Bob\r\n");
        Assert.That(await client.Line(), Is.EqualTo("* Bob has come"));
        await client.Type("hello");
        Assert.That(await SampleTalk.ReadUntil(telnet, "hello\r\n"), Does.EndWith("Ann: hello\r\n"));
        await client.Line();
        await SampleTalk.Say(telnet, "/quit\r\n");
        Assert.That(await client.Line(), Is.EqualTo("* Bob has gone"));
        client.EndInput();
        Assert.That(await client.End(), Is.EqualTo((0, "")));
    }
}
