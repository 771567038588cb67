using System.Globalization;
using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>A sample that is attacked: a process of its own, and what the attack costs it.</summary>
internal sealed class AttackedServer : IAsyncDisposable
{
    private readonly SampleProcess _process;
    private long _memory;
    private int _sockets;

    private AttackedServer(SampleProcess process, IPEndPoint endPoint) => (_process, EndPoint) = (process, endPoint);

    public IPEndPoint EndPoint { get; }

    /// <summary>The process itself: to signal it, and to see it end.</summary>
    public SampleProcess Process => _process;

    /// <summary>Bytes of the process that are in memory.</summary>
    public long Memory => 1024 * long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))["VmRSS:".Length..^"kB".Length],
        CultureInfo.InvariantCulture);

    /// <summary>How many descriptors it has open.</summary>
    public int Descriptors => Links.Count();

    // What is left of a connection is a socket; files the runtime opens when it first needs them.
    private int Sockets => Links.Count(link => link.LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);

    private IEnumerable<FileInfo> Links => new DirectoryInfo($"/proc/{_process.Id}/fd").EnumerateFiles();

    /// <summary>Starts the sample, and warms it up: what it has then is what it needs.</summary>
    public static async Task<AttackedServer> Start(string sample = "tcp-holla-server")
    {
        var (process, endPoint) = await SampleProcess.Serve(sample);
        var server = new AttackedServer(process, endPoint);
        for (var n = 0; n < 50; n++)
        {
            await SampleTalk.Ask(endPoint, [$"{n}\r\n"]);
        }

        (server._memory, server._sockets) = (server.Memory, server.Sockets);
        return server;
    }

    /// <summary>Lowers the limit of its descriptors to what it has open and some more.</summary>
    public async Task Limit(int more)
    {
        SampleTool.Require("/usr/bin/prlimit", "util-linux");

        // The runtime itself ends the process when the first work of its thread pool, a timer of the hub's, meets no descriptors.
        using var glance = new PeriodicTimer(TimeSpan.FromMilliseconds(1500));
        await glance.WaitForNextTickAsync(CancellationToken.None);
        var (code, text) = await SampleTool.Run("prlimit", "--pid", $"{_process.Id}", $"--nofile={Descriptors + more}");
        Assert.That((code, text), Is.EqualTo((0, "")));
    }

    /// <summary>Attacks it while a well-behaved client talks to it.</summary>
    /// <param name="attack">Ends soon after its time is over; its sockets are closed then.</param>
    /// <param name="mebibytes">How much memory the attack may cost.</param>
    public async Task Bears(Func<Attack, Task> attack, int mebibytes)
    {
        Witness seen;
        int opened;
        using (var client = await SampleTalk.Connect(EndPoint))
        using (var attacking = new Attack(EndPoint))
        {
            var witness = Witness.Talks(client, this, attacking);
            await attack(attacking);
            await attacking.UntilOver();
            (seen, opened) = (await witness, attacking.Opened);
        }

        var grown = (seen.MostMemory - _memory) >> 20;
        TestContext.Out.WriteLine($"{seen.Answers} answers, the slowest after {seen.Slowest.TotalMilliseconds:0} ms; {grown} MiB more, {opened} connections attacked");
        Assert.That(opened, Is.Positive, "Nobody attacked.");
        Assert.That(grown, Is.LessThan(mebibytes), "The attack costs memory.");
        await LetsGo();
    }

    /// <summary>Waits until the descriptors of those who are gone are closed.</summary>
    private async Task LetsGo()
    {
        using var patience = new CancellationTokenSource(Live.Patience);
        using var glance = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (Sockets > _sockets)
        {
            Assert.That(patience.IsCancellationRequested, Is.False, $"{Sockets} sockets are open, and were {_sockets} before.");
            await glance.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
