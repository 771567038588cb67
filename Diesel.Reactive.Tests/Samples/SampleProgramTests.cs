namespace Diesel.Reactive.Tests;

/// <summary>What the samples without a server print.</summary>
[Parallelizable(ParallelScope.All)]
public class SampleProgramTests
{
    [TestCase("say-hi", "hi\n")]
    [TestCase("fork-dispatcher", "Dispatched: True\nDone working on 'x'\n")]
    [TestCase("call-later", "5 seconds passed\n10 seconds passed\n")]
    [TestCase("call-later-cancel", "CANCELLING\n")]
    [TestCase(
        "quickstart",
        "over TCP, 'hello'        > HELLO\n" +
        "over TCP, 'and again'    > AND AGAIN\n" +
        "over UDP, 'one datagram' > ONE DATAGRAM\n" +
        "over TCP, half a line    > nothing within half a second\n")]
    public async Task Prints_and_ends_by_itself(string sample, string output)
    {
        await using var process = await SampleProcess.Start(sample);
        Assert.That(await process.ReadToEnd(), Is.EqualTo(output));
        Assert.That(await process.End(), Is.EqualTo((0, "")));
    }

    [TestCase("say-hi-forever", "hi")]
    [TestCase("print-every-second", "hi!")]
    public async Task Prints_again_and_again(string sample, string line)
    {
        await using var process = await SampleProcess.Start(sample);
        for (var time = 0; time < 3; time++)
        {
            Assert.That(await process.Line(), Is.EqualTo(line));
        }
    }

    [Test]
    public async Task Bluelet_crawler_times_four_ways()
    {
        await using var process = await SampleProcess.Start("bluelet-crawler");
        Assert.That(await process.ReadToEnd(), Does.Match(
            @"^sequential: \d+\.\d\d seconds\nthreading: \d+\.\d\d seconds\nmultiprocessing: \d+\.\d\d seconds\nhub: \d+\.\d\d seconds\n$"));
        Assert.That(await process.End(), Is.EqualTo((0, "")));
    }
}
