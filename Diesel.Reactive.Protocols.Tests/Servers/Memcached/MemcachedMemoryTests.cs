using System.Globalization;
using System.Net;
using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>How much memory items take, here and in memcached: what the processes grow by while they are filled.</summary>
[NonParallelizable]
public class MemcachedMemoryTests
{
    private static int Items => Live.IsSoak ? 1_000_000 : 250_000;

    [Test]
    public async Task Items_of_100_bytes_take_at_most_1_6_times_what_they_take_in_memcached()
    {
        using var theirs = new MemcachedDaemon("-m", "1024");
        var (process, ours) = await SampleProcess.Serve("memcached-server", "1024");
        await using var _ = process;
        var wanted = Growth(theirs.ProcessId, theirs.EndPoint);
        var got = Growth(process.Id, ours);
        TestContext.Out.WriteLine($"{Items} items: memcached {wanted / Items} bytes each, we {got / Items} ({(double)got / wanted:0.00} ×)");
        Assert.That(got, Is.LessThan(1.6 * wanted));
    }

    private static long Growth(int process, IPEndPoint server)
    {
        // The first items take what a server takes once.
        Fill(server, 0, Items / 50);
        var before = Resident(process);
        Fill(server, Items / 50, Items);
        return Resident(process) - before;
    }

    private static void Fill(IPEndPoint server, int from, int to)
    {
        using var peer = new RawPeer(server);
        var value = new string('x', 100);
        for (var n = from; n < to;)
        {
            var text = new StringBuilder();
            for (var end = Math.Min(to, n + 1000); n < end; n++)
            {
                text.Append(CultureInfo.InvariantCulture, $"set key:{n:D8} 0 0 100 noreply\r\n{value}\r\n");
            }

            peer.Sends($"{text}mn\r\n");
            Assert.That(peer.Reads(4), Is.EqualTo("MN\r\n"));
        }

        peer.Sends("stats\r\n");
        var stats = "";
        while (!stats.EndsWith("END\r\n", StringComparison.Ordinal))
        {
            stats += peer.Reads(1);
        }

        Assert.That(stats, Does.Contain($"STAT curr_items {to}\r\n"));
    }

    private static long Resident(int process) => 1024 * long.Parse(
        File.ReadLines($"/proc/{process}/status").Single(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
