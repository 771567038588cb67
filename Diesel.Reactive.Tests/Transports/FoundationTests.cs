namespace Diesel.Reactive.Tests;

/// <summary>What every connection keeps to, whatever is spoken below its bytes, over real sockets: both ends are the library's.</summary>
[TestFixtureSource(typeof(Speech), nameof(Speech.OverAllLoops))]
public class FoundationTests(Func<Hub> newHub, Speech speech)
{
    private const int Thousand = 1000;

    private Meeting _meeting = null!;

    [SetUp]
    public void Start() => _meeting = new Meeting(newHub(), speech);

    [TearDown]
    public void Stop() => _meeting.Dispose();

    [Test]
    public void However_it_is_cut_what_is_echoed_is_what_was_sent()
    {
        var service = _meeting.Serves(static c => c);
        var random = new Random(1);
        var bytes = new byte[300_000];
        random.NextBytes(bytes);
        var back = _meeting.Live.Run(async () =>
        {
            using var connection = await _meeting.Dials(service);
            var all = connection.Read(Framing.Bytes(bytes.Length)).AsTask();
            for (var at = 0; at < bytes.Length;)
            {
                var count = Math.Min(random.Next(1, random.Next(2) == 0 ? 20 : 40_000), bytes.Length - at);
                await connection.Send(bytes.AsMemory(at, count));
                at += count;
            }

            return await all;
        });
        Assert.That(back.Span.SequenceEqual(bytes), Is.True);
    }

    [Test]
    public void A_slow_reader_gets_everything_and_costs_little()
    {
        const int Chunk = 100_000;
        const int Chunks = 80;
        var most = 0L;
        var service = _meeting.Serves(async c =>
        {
            for (var i = 0; i < Chunks; i++)
            {
                var chunk = new byte[Chunk];
                chunk.AsSpan().Fill((byte)i);
                await c.Send(chunk);
                most = Math.Max(most, c.PendingBytes);
            }
        });
        var sums = _meeting.Live.Run(async () =>
        {
            using var connection = await _meeting.Dials(service);
            var (got, sum) = (0L, 0L);
            while (got < Chunks * Chunk)
            {
                var some = await connection.ReadSome();
                got += some.Length;
                foreach (var each in some.Span)
                {
                    sum += each;
                }

                await _meeting.Live.Hub.Sleep(TimeSpan.FromMilliseconds(1));
            }

            return (got, sum);
        });
        Assert.That(sums, Is.EqualTo(((long)Chunks * Chunk, (long)Chunk * (Chunks - 1) * Chunks / 2)));
        Assert.That(most, Is.LessThanOrEqualTo(Chunk));
    }

    [Test]
    public void An_echo_to_a_peer_that_does_not_read_reads_no_more()
    {
        const int Count = 30_000_000;
        var service = _meeting.Serves(static c => c, new() { MaxPendingBytes = 1_000_000 });
        var back = _meeting.Live.Run(async () =>
        {
            using var connection = await _meeting.Dials(service);
            var line = new byte[10_000];
            var stuck = 0;
            var sending = _meeting.Live.Hub.Fork(async () =>
            {
                for (var sent = 0; sent < Count; sent += line.Length)
                {
                    await connection.Send(line);
                    stuck = sent;
                }

                connection.OnCompleted();
            });
            await _meeting.Live.Hub.Sleep(TimeSpan.FromMilliseconds(300));
            Assert.That(stuck, Is.LessThan(Count - line.Length));
            var count = await connection.Aggregate(0L, static (n, chunk) => n + chunk.Length);
            await sending.Ended;
            return count;
        });
        Assert.That(back, Is.EqualTo(Count));
    }

    [TestCase(10, 4000, 10, 5000, 3000)]
    [TestCase(3000, 20_000, 4000, 1, 16_384, 16_385)]
    public void What_is_sent_in_one_turn_comes_in_its_order(params int[] lengths)
    {
        var (connection, peer) = _meeting.Wired();
        var parts = lengths.Select(static (length, n) => Enumerable.Range(0, length).Select(i => (byte)(i * (n + 3))).ToArray()).ToList();
        _meeting.Live.Do(() => parts.ForEach(part => connection.OnNext(part)));
        Assert.That(_meeting.Live.Await(peer.Read(Framing.Bytes(lengths.Sum()))).Span.SequenceEqual([.. parts.SelectMany(static part => part)]), Is.True);
    }

    [Test]
    public void A_file_goes_out_between_what_is_before_and_behind_it()
    {
        using var file = new TestFile(new string('x', 1_000_000));
        var (connection, peer) = _meeting.Wired();
        _meeting.Live.Do(() =>
        {
            connection.OnNext("<".ToBytes());
            connection.SendFile(file.Path);
            connection.OnNext(">".ToBytes());
            connection.OnCompleted();
        });
        Assert.That(_meeting.Live.Await(peer.Read(Framing.UntilEnd(2_000_000))).ToText(), Is.EqualTo($"<{new string('x', 1_000_000)}>"));
    }

    [Test]
    public void A_thousand_clients_that_are_there_at_once_get_their_own()
    {
        var service = _meeting.Serves(static c => c.UntilEol(), new() { Socket = new() { Backlog = Thousand } });
        var answers = _meeting.Live.Run(async () =>
        {
            var clients = await Task.WhenAll(Enumerable.Range(0, Thousand).Select(async _ => await _meeting.Dials(service)));
            var told = await Task.WhenAll(clients.Select(static async (connection, n) =>
            {
                connection.OnNext($"{n} 0\r\n{n} 1\r\n".ToBytes());
                connection.OnNext($"{n} 2\r\n".ToBytes());
                return string.Concat(await connection.UntilEol().Take(3).Select(static line => line.ToText()).ToList());
            }));
            Assert.That(service.ConnectionCount, Is.EqualTo(Thousand));
            Array.ForEach(clients, static client => client.Dispose());
            return told;
        });
        Assert.That(answers, Is.EqualTo(Enumerable.Range(0, Thousand).Select(static n => $"{n} 0\r\n{n} 1\r\n{n} 2\r\n")));
    }

    [Test]
    public void What_is_under_the_bytes_is_what_was_asked_for()
    {
        var (connection, peer) = _meeting.Wired();
        _meeting.Live.Do(() =>
        {
            Assert.That((connection.Feature<TlsInfo>()?.Protocol, peer.Feature<TlsInfo>()?.Protocol), Is.EqualTo((speech.Client?.Protocols, speech.Server?.Protocols)));
            Assert.That((connection.Feature<PeerCredentials>() is not null, peer.Feature<PeerCredentials>() is not null), Is.EqualTo((speech.IsUnix, speech.IsUnix)));
        });
    }
}
