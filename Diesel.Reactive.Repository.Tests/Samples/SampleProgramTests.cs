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
    [TestCase(
        "marbles",
        "keys            --a-b   -c    ----d     -e      --- 597ms f       --|\n" +
        "Throttle(3 ms)  -----   --    --c--     --      --e 597ms -       --[f|]\n" +
        "Sample(5 ms)    -----   b-    ---c-     --      -e- 597ms -       f--   --|\n" +
        "Scan            --a-'ab'-'abc'----'abcd'-'abcde'--- 597ms 'abcdef'--|\n" +
        "Buffer(2)       ----'ab'--    ----'cd'  --      --- 597ms 'ef'    --|\n\n" +
        @"chunks      --'PI'-'NG\r\nPO'--'NG\r\nONE\r\nTWO\r\n'          -|" + "\n" +
        @"UntilEol()  ---   -'PING\r\n'--['PONG\r\n' 'ONE\r\n' 'TWO\r\n']-|" + "\n\n")]
    [TestCase(
        "kv",
        "colour is blue, shape is missing\n" +
        "key colour\n" +
        "key size\n" +
        "100 callers have added up to 5050\n" +
        "the server says: colour is no number\n")]
    [TestCase(
        "starttls",
        "500 HELLO, over plain text\n" +
        "220 go ahead\n" +
        "500 HELLO, over Tls13\n" +
        "220 go ahead\n" +
        "the server has closed the connection\n")]
    [TestCase("simulate", "1000 simulations, 18400 faults, 6.4 hours of virtual time: all is well\n")]
    public async Task Prints_and_ends_by_itself(string sample, string output)
    {
        await using var process = await SampleProcess.Start(sample);
        Assert.That(await process.ReadToEnd(), Is.EqualTo(output));
        Assert.That(await process.End(), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task Is_built_by_dotnet() => Assert.That((await SampleTool.Run("dotnet", await SampleBuild.WithTool("say-hi"))).Text, Is.EqualTo("hi\n"));

    [Test]
    public async Task Marbles_draws_what_it_is_given()
    {
        await using var process = await SampleProcess.Start("marbles", "-x-y|");
        Assert.That(await process.ReadToEnd(), Does.StartWith("keys            -x-y   |\n").And.Contains("Scan            -x-'xy'|\n"));
        Assert.That(await process.End(), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task Marbles_says_what_is_wrong_with_a_diagram()
    {
        await using var process = await SampleProcess.Start("marbles", "-(x");
        var (code, errors) = await process.End();
        Assert.That(code, Is.EqualTo(2));
        Assert.That(errors, Does.StartWith("'(' is never closed"));
    }

    [Test]
    public async Task Simulate_shows_the_datagram_a_forgetful_client_waits_for()
    {
        await using var process = await SampleProcess.Start("simulate", "--forgetful");
        Assert.That(await process.ReadToEnd(), Does.StartWith("Seed 0 fails").And.Contains("1 of its 3 faults is enough").And.Contains("client→server lost       'one'"));
        Assert.That(await process.End(), Is.EqualTo((1, "")));
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
