using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>What a command costs its client.</summary>
[NonParallelizable]
public class RedisCostTests : RedisFixture
{
    private const int Callers = 100;
    private const int Each = 300;

    private static readonly Bytes Key = "key:of:a:test";
    private static readonly Bytes Value = new byte[64];

    // The value that arrives is a part of it: 71 bytes on the wire, which are kept as they came.
    [TestCase(false, 200)]
    [TestCase(true, 130)]
    public void An_awaited_command_allocates_little(bool sets, int most) => Live.Run(async () =>
    {
        await Redis.Set(Key, Value);
        await Ask(sets);
        var before = GC.GetAllocatedBytesForCurrentThread();
        await Ask(sets);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(Callers * Each);
        TestContext.Out.WriteLine($"{each:0.0} bytes");
        Assert.That(each, Is.LessThanOrEqualTo(most));
    });

    private Task Ask(bool sets) => Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
    {
        for (var i = 0; i < Each; i++)
        {
            if (sets ? !await Redis.Set(Key, Value) : (await Redis.Get(Key))?.Length != Value.Length)
            {
                Assert.Fail("The reply is wrong.");
            }
        }
    }));
}
