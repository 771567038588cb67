using Diesel.Reactive.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace Diesel.Reactive.Tests;

public class WiretapReplayTests
{
    /// <summary>What a client sends, with pauses, over a network that cuts and delays.</summary>
    public sealed record Talk(string[] Texts, int[] Pauses, int Seed, int Ending);

    [FsCheck.NUnit.Property(Arbitrary = [typeof(WiretapReplayTests)], MaxTest = 100)]
    public void What_was_recorded_is_replayed_to_the_byte_and_the_instant(Talk talk)
    {
        var tape = Record(talk, Shout);
        MarbleTest.Run(t => Shout(t.Duplex(tape.Rx, tape.Tx).Connection), Options);
    }

    [TestCase(3, 1024, Description = "Of bytes that are digits in a file, twice as many")]
    [TestCase(17, 64, Description = "Mostly of zeros, of which a file makes much with few signs")]
    public void A_recording_of_many_MiB_is_saved_and_replayed(int size, int window)
    {
        var wiretap = new Wiretap(limit: 64 << 20);
        var sent = new byte[size << 20];
        new Random(1).NextBytes(sent.AsSpan(0, 3 << 20));
        using var hosts = Tap(wiretap, Sum, new() { Window = window << 10 }, 1, async (client, _) =>
        {
            foreach (var piece in sent.Chunk(1 << 20))
            {
                await client.Send(piece);
            }

            client.OnCompleted();
        });
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.marble");
        try
        {
            wiretap.Save(path);
            var @case = MarbleFile.Load(path).Cases.Single();
            Assert.That(@case.Rows[0].Diagram.Events.Sum(each => each.Spelling?.Bytes.Length ?? 0), Is.EqualTo(sent.Length));
            MarbleTest.Run(t => Sum(t.Duplex(@case).Connection), Options);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void A_handler_that_changed_is_caught()
    {
        var tape = Record(new Talk(["a\r\n", "b\r\n"], [1, 2], 1, 0), Shout);
        Assert.That(() => MarbleTest.Run(t => Whisper(t.Duplex(tape.Rx, tape.Tx).Connection), Options), Throws.TypeOf<MarblesDifferException>());
    }

    public static Arbitrary<Talk> Talks() =>
        (from texts in Gen.ListOf(Gen.Elements("a", "'", "\r", "\r\n", "5ms\r\n", "\0\r\n", "é\r\n", "--|\r\n"), 8)
         from pauses in Gen.ArrayOf(Gen.Choose(0, 40), 8)
         from seed in Gen.Choose(0, 10_000)
         from ending in Gen.Choose(0, 2)
         select new Talk([.. texts], pauses, seed, ending)).ToArbitrary();

    private static MarbleOptions Options => new() { IgnoreHubErrors = true, ExpectNothing = true };

    private static void Shout(Connection connection) =>
        connection.UntilEol().Select(line => line.ToUpper()).Subscribe(connection.OnNext, _ => connection.Abort(), connection.OnCompleted);

    // Answers each chunk with the number of bytes so far.
    private static void Sum(Connection connection) =>
        connection.Scan(0L, static (sum, chunk) => sum + chunk.Length).Select(static sum => $"{sum} ".ToBytes()).Subscribe(connection);

    private static void Whisper(Connection connection) => connection.UntilEol().Subscribe(connection);

    // A talk ends by FIN, by a reset, or not at all.
    private static (string Rx, string Tx) Record(Talk talk, Action<Connection> handler)
    {
        var wiretap = new Wiretap();
        using var hosts = Tap(wiretap, handler, new() { Cut = Cut.Random(4), Latency = TimeSpan.FromMilliseconds(1) }, talk.Seed, async (connection, hub) =>
        {
            foreach (var (text, pause) in talk.Texts.Zip(talk.Pauses))
            {
                connection.OnNext(text.ToBytes());
                await hub.Sleep(TimeSpan.FromMilliseconds(pause));
            }

            if (talk.Ending == 0)
            {
                connection.OnCompleted();
            }
            else if (talk.Ending == 1)
            {
                connection.Abort();
            }
        });
        return (wiretap.Tapes[0].Rx, wiretap.Tapes[0].Tx);
    }

    private static TwoHosts Tap(Wiretap wiretap, Action<Connection> handler, LinkConditions link, int seed, Func<Connection, Hub, Task> talk)
    {
        var hosts = new TwoHosts(network: new VirtualNetwork(seed));
        hosts.Link = link;
        hosts.Watch(Observable.Defer(() => Tcp.Listen(new System.Net.IPEndPoint(System.Net.IPAddress.Any, 7), new() { Layer = wiretap.Tap }, hosts.Server)).Do(handler));
        hosts.Runs(async () =>
        {
            var connection = await Tcp.Connect("server", 7);
            await talk(connection, hosts.Client);
            return await connection.Count();
        });
        return hosts.Passes(1000);
    }
}
