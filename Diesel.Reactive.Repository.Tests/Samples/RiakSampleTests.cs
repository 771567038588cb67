namespace Diesel.Reactive.Tests;

/// <summary>What the samples of Riak do, on their own node.</summary>
public class RiakSampleTests
{
    [TestCase("riak", "1\n2 siblings\nboth\nada was born in the 19th century\nblue green\n")]
    [TestCase("riak-bucket", "a test for you!\nanother, which is longer\nresolved\nada: ADA, alan: ALAN, grace: GRACE, nobody: nothing\ngone\n")]
    public async Task Ends_by_itself(string sample, string said)
    {
        await using var process = await SampleProcess.Start(sample);
        Assert.That(await process.ReadToEnd(), Is.EqualTo(said));
        Assert.That(await process.End(), Is.EqualTo((0, "")));
    }
}
