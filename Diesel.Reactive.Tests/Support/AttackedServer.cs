using System.Globalization;
using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>A sample that is attacked: a process of its own, and what the attack costs it.</summary>
internal sealed class AttackedServer : IAsyncDisposable
{
    // What the runtime may open for itself meanwhile.
    private const int SpareDescriptors = 8;

    private readonly SampleProcess _process;
    private long _memory;
    private int _descriptors;

    private AttackedServer(SampleProcess process, IPEndPoint endPoint) => (_process, EndPoint) = (process, endPoint);

    public IPEndPoint EndPoint { get; }

    /// <summary>The process itself: to signal it, and to see it end.</summary>
    public SampleProcess Process => _process;

    /// <summary>Bytes of the process that are in memory.</summary>
    public long Memory => 1024 * long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))["VmRSS:".Length..^"kB".Length],
        CultureInfo.InvariantCulture);

    /// <summary>How many descriptors it has open.</summary>
    public int Descriptors => Directory.GetFileSystemEntries($"/proc/{_process.Id}/fd").Length;

    /// <summary>Starts the sample, and warms it up: what it has then is what it needs.</summary>
    public static async Task<AttackedServer> Start(string sample = "tcp-holla-server")
    {
        var (process, endPoint) = await SampleProcess.Serve(sample);
        var server = new AttackedServer(process, endPoint);
        for (var n = 0; n < 50; n++)
        {
            await SampleTalk.Ask(endPoint, [$"{n}\r\n"]);
        }

        (server._memory, server._descriptors) = (server.Memory, server.Descriptors);
        return server;
    }

    /// <summary>Lowers the limit of its descriptors to what it has open and some more.</summary>
    public async Task Limit(int more)
    {
        SampleTool.Require("/usr/bin/prlimit", "util-linux");
        var (code, text) = await SampleTool.Run("prlimit", "--pid", $"{_process.Id}", $"--nofile={Descriptors + more}");
        Assert.That((code, text), Is.EqualTo((0, "")));
    }

    /// <summary>Attacks it while a well-behaved client talks to it.</summary>
    /// <param name="attack">Ends soon after its time is over; its sockets are closed then.</param>
    /// <param name="mebibytes">How much memory the attack may cost.</param>
    public async Task Bears(Func<Attack, Task> attack, int mebibytes)
    {
        using var attacking = new Attack(EndPoint);
        var witness = Witness.Talks(this, attacking.Over);
        await attack(attacking);
        await attacking.UntilOver();
        var seen = await witness;
        attacking.Dispose();
        var grown = (seen.MostMemory - _memory) >> 20;
        TestContext.Out.WriteLine($"{seen.Answers} answers, the slowest after {seen.Slowest.TotalMilliseconds:0} ms; {grown} MiB more, {attacking.Opened} connections attacked");
        Assert.That(attacking.Opened, Is.Positive, "Nobody attacked.");
        Assert.That(seen.Answers, Is.GreaterThan(5), "The well-behaved client got few answers.");
        Assert.That(grown, Is.LessThan(mebibytes), "The attack costs memory.");
        await LetsGo();
    }

    /// <summary>Waits until the descriptors of those who are gone are closed.</summary>
    private async Task LetsGo()
    {
        using var patience = new CancellationTokenSource(Live.Patience);
        using var glance = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (Descriptors > _descriptors + SpareDescriptors)
        {
            Assert.That(patience.IsCancellationRequested, Is.False, $"{Descriptors} descriptors are open, and were {_descriptors} before.");
            await glance.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
