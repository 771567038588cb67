using System.Text;
using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.HttpTalk;

namespace Diesel.Reactive.Tests;

/// <summary>What never ends is refused at its limit, and costs no more memory than that.</summary>
public class HttpHostileTests
{
    private const long GiB = 1024 * 1024 * 1024;
    private const string Chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const string Head = "GET / HTTP/1.1\r\nHost: a\r\n";

    private static readonly object[][] Endless =
    [
        ["GET /", "a", 414, 8 * 1024],
        ["", "\r\n", 414, 8 * 1024],
        ["X", "X", 414, 8 * 1024],
        [$"{Head}X: ", "a", 431, 32 * 1024],
        [$"{Head}X", "a", 431, 32 * 1024],
        [Head, "A: b\r\n", 431, 32 * 1024],
        [Head, "A:\r\n", 431, 1024],
        [Chunked, "0", 400, 64],
        [$"{Chunked}5;a", "a", 413, 16 * 1024],
        [$"{Chunked}5;a=\"", "a", 413, 16 * 1024],
        [Chunked, $"1;{new string('a', 100)}\r\nx\r\n", 413, 20 * 1024],
        [$"{Chunked}0\r\n", "T: v\r\n", 431, 16 * 1024],
        [$"{Chunked}0\r\nT: ", "v", 431, 16 * 1024],
        [Chunked, $"10000\r\n{new string('x', 0x10000)}\r\n", 413, 31_000_000],
        [Chunked, "1\r\nx\r\n", 413, 6 * 100_000],
        ["POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100001\r\n\r\n", "x", 413, 0],
    ];

    [TestCaseSource(nameof(Endless))]
    public void What_never_ends_is_refused_at_its_limit(string before, string again, int status, int most)
    {
        var limits = again.Length < 100 ? new HttpLimits { MaxBody = 100_000 } : new();
        var reader = new HttpRequestReader(limits);
        var piece = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(again, Math.Max(1, 1000 / again.Length))));
        var (unread, sent, largest) = (Encoding.ASCII.GetBytes(before), 0L, 0);
        HttpRefusedException? refused = null;
        while (refused is null && sent < GiB)
        {
            try
            {
                while (reader.TryDecode(unread, out _, out var consumed))
                {
                    unread = unread[consumed..];
                }

                sent += piece.Length;
                unread = [.. unread, .. piece];
                largest = Math.Max(largest, unread.Length);
            }
            catch (HttpRefusedException error)
            {
                refused = error;
            }
        }

        Assert.That(refused?.Status, Is.EqualTo(status));
        Assert.That(sent, Is.LessThanOrEqualTo(most + 2 * piece.Length));
        Assert.That(largest, Is.LessThan(80_000), "so much was kept");
    }

    [TestCase(Head, "X: LONG\r\n", 431)]
    [TestCase(Head, "A:\r\n", 431)]
    [TestCase(Chunked, "1;LONG\r\nx\r\n", 413)]
    [TestCase($"{Chunked}0\r\n", "T: LONG\r\n", 431)]
    [TestCase("GET /", "LONG", 414)]
    public void A_gibibyte_of_it_is_refused_early_and_others_are_served_meanwhile(string before, string again, int status)
    {
        using var world = new World();
        world.Network.Conditions = new() { Window = 64 * 1024 };
        world.Starts(new HttpService(Port, static async request => HttpResponse.Text($"{(await request.Read()).Length}")));
        var hostile = world.Dials(Port).Sends(before);
        var one = again.Replace("LONG", new string('a', 5000), StringComparison.Ordinal);
        var piece = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(one, 60_000 / one.Length)));
        var (sent, allocated) = (0L, GC.GetAllocatedBytesForCurrentThread());
        while (sent < GiB && hostile.Unsent == 0 && hostile.Received.Length == 0)
        {
            hostile.Sends(piece);
            sent += piece.Length;
        }

        Assert.That(hostile.Answers(), Does.StartWith($"HTTP/1.1 {status} "));
        Assert.That(world.Dials(Port).Sends(Get).Answers(), Does.EndWith("0"));
        Assert.That((sent, hostile.IsReset), Is.EqualTo((piece.Length, false)));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - allocated, Is.LessThan(4_000_000));
    }

    [Test]
    public void At_rest_no_block_is_held_for_a_request_that_was_answered()
    {
        var reader = new HttpRequestReader();
        Assert.That(reader.TryDecode(Encoding.ASCII.GetBytes(Get), out _, out _), Is.True);
        Assert.That(reader.Head.Bytes.Length, Is.EqualTo(Get.Length));
        reader.Forget();
        Assert.That((reader.Head.Bytes.Length, reader.Head.Headers.IsEmpty), Is.EqualTo((0, true)));
    }

    [Test]
    public void What_a_connection_keeps_between_requests_is_little_and_a_request_costs_what_it_is()
    {
        using var world = new World();
        var hello = HttpResponse.Text("hello");
        var allocated = new List<long>(2000);
        world.Starts(new HttpService(Port, _ =>
        {
            allocated.Add(GC.GetAllocatedBytesForCurrentThread());
            return hello;
        }));
        world.Dials(Port).Sends(string.Concat(Enumerable.Repeat(Get, 500)));
        var each = allocated.Zip(allocated.Skip(1), static (one, other) => other - one).Order().ToList();
        Assert.That(each[each.Count / 2], Is.LessThanOrEqualTo(64), "bytes for each of many requests that came together");
    }
}
