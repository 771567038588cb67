namespace Diesel.Reactive.Tests;

/// <summary>The samples that need redis-server.</summary>
[Parallelizable(ParallelScope.All)]
public class SampleRedisTests
{
    private const string Output = "mykey is myvalue\nhit 1\ngot sweep\nno job in time\n7 is the best so far\n5 is not the best\n9 is the best so far\nsample:best\nsample:hits\nsample:mykey\n";

    [Test]
    public async Task Redis_starts_a_server_of_its_own()
    {
        SampleTool.Require("/usr/bin/redis-server", "redis-server");
        await using var process = await SampleProcess.Start("redis");
        Assert.That(await process.ReadToEnd(), Is.EqualTo(Output));
        Assert.That(await process.End(), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task Redis_takes_one_that_is_there()
    {
        using var server = RedisServer.Start();
        await using var process = await SampleProcess.Start("redis", server.Uri());
        Assert.That(await process.ReadToEnd(), Is.EqualTo(Output));
        Assert.That(await process.End(), Is.EqualTo((0, "")));
    }
}
