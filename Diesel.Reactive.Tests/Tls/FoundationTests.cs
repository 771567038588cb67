using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>What every connection keeps to, whatever is spoken below its bytes, over real sockets: both ends are the library's.</summary>
[TestFixtureSource(typeof(Speech), nameof(Speech.OverAllLoops))]
public class FoundationTests(Func<Hub> newHub, Speech speech)
{
    private static readonly Framing<ReadOnlyMemory<byte>> Line = Framing.UntilEol();

    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(newHub());

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public void However_it_is_cut_what_is_echoed_is_what_was_sent()
    {
        var service = Serves(static c => c);
        var random = new Random(1);
        var bytes = new byte[300_000];
        random.NextBytes(bytes);
        var back = _live.Run(async () =>
        {
            using var connection = await Dials(service);
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
    public void One_side_ends_and_the_other_still_answers()
    {
        var service = Serves(static c => c.UntilEol().Count().Select(static n => $"{n}\r\n".ToBytes()));
        var answer = _live.Run(async () =>
        {
            using var connection = await Dials(service);
            connection.OnNext("a\r\nb\r\nc\r\n".ToBytes());
            connection.OnCompleted();
            return await connection.Lines().ToList();
        });
        Assert.That(answer, Is.EqualTo(new[] { "3" }));
    }

    [Test]
    public void An_end_inside_a_frame_is_told_with_its_bytes()
    {
        var (connection, peer) = Wired();
        connection.OnNext("HAL".ToBytes());
        connection.OnCompleted();
        Assert.That(() => _live.Await(peer.Read(Line)), Throws.InstanceOf<TruncatedFrameException>().With.Property("PendingBytes").EqualTo(3));
    }

    [Test]
    public void An_end_in_good_order_completes()
    {
        var (connection, peer) = Wired();
        connection.OnNext("HAL".ToBytes());
        connection.Dispose();
        Assert.That(_live.Await(peer.Read(Framing.UntilEnd())).ToText(), Is.EqualTo("HAL"));
        peer.Dispose();
        WaitFor(connection.Closed);
        WaitFor(peer.Closed);
    }

    [Test]
    public void A_reset_is_told_as_one_behind_what_came_before()
    {
        var (connection, peer) = Wired();
        _live.Await(connection.Send("A\r\n".ToBytes()));
        Assert.That(_live.Await(peer.Read(Line)).ToText(), Is.EqualTo("A\r\n"));
        connection.Abort();
        Assert.That(() => _live.Await(peer.Read(Line)), Throws.InstanceOf<ConnectionException>().With.Message.Contains("was reset by the peer"));
    }

    [Test]
    public void A_reset_is_noticed_though_nobody_reads()
    {
        var (connection, peer) = Wired();
        connection.Abort();
        WaitFor(peer.Closed);
    }

    [Test]
    public void An_end_is_noticed_though_nobody_reads()
    {
        var (connection, peer) = Wired();
        connection.OnNext("A\r\n".ToBytes());
        connection.OnCompleted();
        WaitFor(peer.PeerEnded);
        Assert.That(_live.Await(peer.Read(Line)).ToText(), Is.EqualTo("A\r\n"));
    }

    [Test]
    public void Dispose_sends_everything_first()
    {
        var (connection, peer) = Wired();
        connection.OnNext(new byte[5_000_000]);
        connection.Dispose();
        Assert.That(_live.Await(peer.Aggregate(0L, static (n, chunk) => n + chunk.Length)), Is.EqualTo(5_000_000));
    }

    [Test]
    public void A_slow_reader_gets_everything_and_costs_little()
    {
        const int Chunk = 100_000;
        const int Chunks = 80;
        var most = 0L;
        var service = Serves(async c =>
        {
            for (var i = 0; i < Chunks; i++)
            {
                var chunk = new byte[Chunk];
                chunk.AsSpan().Fill((byte)i);
                await c.Send(chunk);
                most = Math.Max(most, c.PendingBytes);
            }
        });
        var sums = _live.Run(async () =>
        {
            using var connection = await Dials(service);
            var (got, sum) = (0L, 0L);
            while (got < Chunks * Chunk)
            {
                var some = await connection.ReadSome();
                got += some.Length;
                foreach (var each in some.Span)
                {
                    sum += each;
                }

                await _live.Hub.Sleep(TimeSpan.FromMilliseconds(1));
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
        var service = Serves(static c => c, new() { MaxPendingBytes = 1_000_000 });
        var back = _live.Run(async () =>
        {
            using var connection = await Dials(service);
            var line = new byte[10_000];
            var stuck = 0;
            var sending = _live.Hub.Fork(async () =>
            {
                for (var sent = 0; sent < Count; sent += line.Length)
                {
                    await connection.Send(line);
                    stuck = sent;
                }

                connection.OnCompleted();
            });
            await _live.Hub.Sleep(TimeSpan.FromMilliseconds(300));
            Assert.That(stuck, Is.LessThan(Count - line.Length));
            var count = await connection.Aggregate(0L, static (n, chunk) => n + chunk.Length);
            await sending.Ended;
            return count;
        });
        Assert.That(back, Is.EqualTo(Count));
    }

    [Test]
    public void A_service_that_stops_ends_those_at_rest_and_finishes_what_was_begun()
    {
        var service = Serves(static c => c.UntilEol());
        var (rest, begun) = _live.Run(async () =>
        {
            var (atRest, busy) = (await Dials(service), await Dials(service));
            busy.OnNext("A\r\nB".ToBytes());
            _ = await busy.Read(Line);
            var stopped = service.Stop().AsTask();
            var rest = await atRest.Lines().Count();
            busy.OnNext("\r\n".ToBytes());
            var line = await busy.Read(Line);
            await stopped;
            return (rest, line.ToText());
        });
        Assert.That((rest, begun), Is.EqualTo((0, "B\r\n")));
    }

    [Test]
    public void Many_clients_at_once_get_their_own()
    {
        var clients = Live.IsSoak ? 1000 : 100;
        var service = Serves(static c => c.UntilEol(), new() { Socket = new() { Backlog = 1000 } });
        var answers = _live.Run(() => Task.WhenAll(Enumerable.Range(0, clients).Select(async n =>
        {
            using var connection = await Dials(service);
            for (var i = 0; i < 3; i++)
            {
                connection.OnNext($"{n} {i}\r\n".ToBytes());
            }

            return string.Concat(await connection.UntilEol().Take(3).Select(static line => line.ToText()).ToList());
        })));
        Assert.That(answers, Is.EqualTo(Enumerable.Range(0, clients).Select(static n => $"{n} 0\r\n{n} 1\r\n{n} 2\r\n")));
    }

    [Test]
    public void What_is_under_the_bytes_is_what_was_asked_for()
    {
        var (connection, peer) = Wired();
        _live.Do(() => Assert.That((connection.Feature<TlsInfo>()?.Protocol, peer.Feature<TlsInfo>()?.Protocol), Is.EqualTo((speech.Client?.Protocols, speech.Server?.Protocols))));
    }

    [Test]
    public void A_connection_that_ended_leaves_no_descriptor()
    {
        Cycle();
        var before = Descriptors();
        for (var i = 0; i < 10; i++)
        {
            Cycle();
        }

        Assert.That(Descriptors, Is.LessThanOrEqualTo(before + 2).After((int)Live.Patience.TotalMilliseconds, 20));

        void Cycle()
        {
            var (connection, peer) = Wired();
            connection.Dispose();
            peer.Dispose();
            WaitFor(connection.Closed);
        }
    }

    private static int Descriptors() => OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;

    private void WaitFor(CancellationToken token) => Assert.That(
        () => _live.Run(async () => await _live.Hub.Sleep(Live.Patience, token)), Throws.InstanceOf<OperationCanceledException>());

    private TcpService Serves(Func<Connection, IObservable<ReadOnlyMemory<byte>>> handler, TcpServiceOptions? options = null) =>
        _live.Starts(new TcpService(0, handler, (options ?? new()) with { Tls = speech.Server }));

    private TcpService Serves(Func<Connection, Task> handler) => _live.Starts(new TcpService(0, handler, new() { Tls = speech.Server }));

    private Awaitable<Connection> Dials(TcpService service) => Tcp.Connect("127.0.0.1", service.Port, new() { Tls = speech.Client }, _live.Hub);

    private (Connection Connection, Connection Peer) Wired()
    {
        var accepted = new TaskCompletionSource<Connection>(TaskCreationOptions.RunContinuationsAsynchronously);
        var listening = Tcp.Listen(new IPEndPoint(IPAddress.Loopback, 0), new() { Tls = speech.Server }, _live.Hub);
        using var subscription = listening.Subscribe(accepted.SetResult);
        var connection = _live.Await(Tcp.Connect("127.0.0.1", listening.Port, new() { Tls = speech.Client }, _live.Hub));
        return (connection, _live.Await(accepted.Task));
    }
}
