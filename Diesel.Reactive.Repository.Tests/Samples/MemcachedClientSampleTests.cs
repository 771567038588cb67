namespace Diesel.Reactive.Tests;

/// <summary>What the samples of the memcached client do, on the service of this library and on memcached.</summary>
[Parallelizable(ParallelScope.All)]
public class MemcachedClientSampleTests
{
    [Test]
    public async Task Memcached_client_shows_what_it_can([Values] bool isOurs)
    {
        using var theirs = isOurs ? null : new MemcachedDaemon();
        Assert.That(await Printed("memcached-client", theirs), Is.EqualTo("""
            greeting is hello
            nothing is missing
            of two keys, 1 is there
            a swap that comes too late: Exists
            visit 1
            visit 2
            visit 3
            added: Stored, added again: NotStored
            the list is a,b
            1000 answers

            """));
    }

    [Test]
    public async Task Memcached_stampede_renders_once_and_again_behind_an_invalidation([Values] bool isOurs)
    {
        using var theirs = isOurs ? null : new MemcachedDaemon();
        Assert.That(await Printed("memcached-stampede", theirs), Is.EqualTo("""
            rendered 1 time: 100 got the first edition
            rendered 1 time: 1 got the second edition, 99 got the first edition
            then all get the second edition

            """));
    }

    private static async Task<string> Printed(string sample, MemcachedDaemon? server)
    {
        await using var process = await SampleProcess.Start(sample, server is null ? [] : [$"{server.EndPoint}"]);
        var printed = await process.ReadToEnd();
        Assert.That(await process.End(), Is.EqualTo((0, "")));
        return printed;
    }
}
