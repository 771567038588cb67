namespace Diesel.Reactive.Tests;

/// <summary>How a connection ends, whatever is spoken below its bytes: as <see cref="FoundationTests"/>.</summary>
[TestFixtureSource(typeof(Speech), nameof(Speech.OverAllLoops))]
public class FoundationEndTests(Func<Hub> newHub, Speech speech)
{
    private static readonly Framing<ReadOnlyMemory<byte>> Line = Framing.UntilEol();

    private Meeting _meeting = null!;

    [SetUp]
    public void Start() => _meeting = new Meeting(newHub(), speech);

    [TearDown]
    public void Stop() => _meeting.Dispose();

    [Test]
    public void One_side_ends_and_the_other_still_answers()
    {
        var service = _meeting.Serves(static c => c.UntilEol().Count().Select(static n => $"{n}\r\n".ToBytes()));
        var answer = _meeting.Live.Run(async () =>
        {
            using var connection = await _meeting.Dials(service);
            connection.OnNext("a\r\nb\r\nc\r\n".ToBytes());
            connection.OnCompleted();
            return await connection.Lines().ToList();
        });
        Assert.That(answer, Is.EqualTo(new[] { "3" }));
    }

    [Test]
    public void An_end_inside_a_frame_is_told_with_its_bytes()
    {
        var (connection, peer) = _meeting.Wired();
        connection.OnNext("HAL".ToBytes());
        connection.OnCompleted();
        Assert.That(() => _meeting.Live.Await(peer.Read(Line)), Throws.InstanceOf<TruncatedFrameException>().With.Property("PendingBytes").EqualTo(3));
    }

    [Test]
    public void An_end_in_good_order_completes()
    {
        var (connection, peer) = _meeting.Wired();
        connection.OnNext("HAL".ToBytes());
        connection.Dispose();
        Assert.That(_meeting.Live.Await(peer.Read(Framing.UntilEnd())).ToText(), Is.EqualTo("HAL"));
        peer.Dispose();
        _meeting.WaitFor(connection.Closed);
        _meeting.WaitFor(peer.Closed);
    }

    [Test]
    public void An_end_is_noticed_though_nobody_reads()
    {
        var (connection, peer) = _meeting.Wired();
        connection.OnNext("A\r\n".ToBytes());
        connection.OnCompleted();
        _meeting.WaitFor(peer.PeerEnded);
        Assert.That(_meeting.Live.Await(peer.Read(Line)).ToText(), Is.EqualTo("A\r\n"));
    }

    [Test]
    public void Dispose_sends_everything_first()
    {
        var (connection, peer) = _meeting.Wired();
        connection.OnNext(new byte[5_000_000]);
        connection.Dispose();
        Assert.That(_meeting.Live.Await(peer.Aggregate(0L, static (n, chunk) => n + chunk.Length)), Is.EqualTo(5_000_000));
    }

    [Test]
    public void A_service_that_stops_ends_those_at_rest_and_finishes_what_was_begun()
    {
        var service = _meeting.Serves(static c => c.UntilEol());
        var (rest, begun) = _meeting.Live.Run(async () =>
        {
            var (atRest, busy) = (await _meeting.Dials(service), await _meeting.Dials(service));
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
    public void Dispose_does_not_lose_the_last_bytes_to_what_the_peer_had_sent()
    {
        var (connection, peer) = _meeting.Wired();
        var last = _meeting.Live.Run(async () =>
        {
            var flood = _meeting.Live.Hub.Fork(async () =>
            {
                for (var i = 0; i < 50; i++)
                {
                    await peer.Send(new byte[100_000]);
                }

                peer.OnCompleted();
            });
            connection.OnNext("413 too much".ToBytes());
            connection.Dispose();
            var text = (await peer.Read(Framing.UntilEnd())).ToText();
            await flood.Ended;
            return text;
        });
        Assert.That(last, Is.EqualTo("413 too much"));
    }

    [Test]
    public void Who_sends_to_a_peer_that_is_gone_is_told()
    {
        var (connection, peer) = _meeting.Wired();
        peer.Abort();
        Assert.That(
            () => _meeting.Live.Run(async () =>
            {
                while (true)
                {
                    await connection.Send("A".ToBytes());
                    await _meeting.Live.Hub.Sleep(TimeSpan.FromMilliseconds(1));
                }
            }),
            Throws.InstanceOf<ConnectionException>());
    }

    [Test]
    public void A_reset_is_told_as_one_behind_what_came_before()
    {
        var (connection, peer) = _meeting.Wired();
        _meeting.Live.Await(connection.Send("A\r\n".ToBytes()));
        Assert.That(_meeting.Live.Await(peer.Read(Line)).ToText(), Is.EqualTo("A\r\n"));
        connection.Abort();

        // A Unix socket has no reset: there it is an end.
        Assert.That(() => _meeting.Live.Run(async () => await peer.Read(Line)), speech.IsUnix ? Throws.InstanceOf<EndOfStreamException>()
            : Throws.InstanceOf<ConnectionException>().With.Message.Contains("was reset by the peer"));
    }

    [Test]
    public void A_reset_is_noticed_though_nobody_reads()
    {
        var (connection, peer) = _meeting.Wired();
        connection.Abort();
        _meeting.WaitFor(speech.IsUnix ? peer.PeerEnded : peer.Closed);
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
            var (connection, peer) = _meeting.Wired();
            connection.Dispose();
            peer.Dispose();
            _meeting.WaitFor(connection.Closed);
        }
    }

    private static int Descriptors() => OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;
}
