using System.Net;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>What a service does about peers that want its time and memory for nothing.</summary>
public class ServiceDefencesTests
{
    private static readonly ReadOnlyMemory<byte> Much = new byte[200_000];

    private World _world = null!;

    [SetUp]
    public void Begin() => _world = new World();

    [TearDown]
    public void End() => _world.Dispose();

    [Test]
    public void A_peer_that_never_says_anything_is_closed()
    {
        var silent = _world.Dials(Echo(TcpServiceOptions.Public));
        Assert.That(StoryAt(silent, 29), Is.Empty);
        Assert.That((StoryAt(silent, 2), Trouble), Is.EqualTo(("|", "closed: nothing came within 00:00:30 (FirstByteTimeout).")));
    }

    [Test]
    public void A_peer_that_is_told_and_not_asked_may_be_silent()
    {
        var told = _world.Dials(Service(static c => c.Hub.Sleep(TimeSpan.FromHours(1)).Select(static _ => "A".ToBytes()), TcpServiceOptions.Public));
        Assert.That(StoryAt(told, 3601), Is.EqualTo("A|"));
    }

    [Test]
    public void A_peer_that_has_said_something_may_be_silent_for_hours()
    {
        var chatting = _world.Dials(Echo(TcpServiceOptions.Public)).Sends("A\r\n");
        _world.Passes(10_000);
        Assert.That(chatting.Sends("B\r\n").Story, Is.EqualTo("A B "));
    }

    [Test]
    public void By_default_nobody_is_closed_for_being_slow()
    {
        var slow = _world.Dials(Echo(new())).Sends("A");
        _world.Passes(10_000);
        Assert.That(slow.Sends("\r\n").Story, Is.EqualTo("A "));
    }

    [Test]
    public void A_byte_now_and_then_does_not_renew_the_time_of_a_line()
    {
        var slow = _world.Dials(Echo(TcpServiceOptions.Public));
        Assert.That(Dribbling(slow, 29), Is.Empty);
        Assert.That((Dribbling(slow, 3), Trouble), Is.EqualTo(("|", "closed: a frame was not whole within 00:00:30 (FrameTimeout).")));
    }

    [Test]
    public void A_long_frame_at_a_good_rate_has_all_the_time_it_needs_and_none_when_it_stops()
    {
        var sending = _world.Dials(Service(static c => c.Decode(Framing.Bytes(50_000)), TcpServiceOptions.Public));
        for (var i = 0; i < 100; i++)
        {
            sending.Sends(Much[..300]);
            _world.Passes(1);
        }

        Assert.That(sending.Story, Is.Empty);
        Assert.That(StoryAt(sending, 31), Is.EqualTo("|"));
        Assert.That(Trouble, Does.Match(@"closed: it sent part of a frame and went on at 2\d\d bytes/s, below 240 \(MinimumRate\)."));
    }

    [Test]
    public void A_body_that_is_read_by_chunks_is_held_to_the_rate()
    {
        var slow = _world.Dials(Service(static c => c.Body(1_000_000).IgnoreElements(), TcpServiceOptions.Public));
        Assert.That(Dribbling(slow, 4), Is.Empty);
        Assert.That((Dribbling(slow, 3), _world.Trouble), Is.EqualTo(("|", "TimeoutException")));
    }

    [Test]
    public void After_its_body_a_peer_owes_nothing()
    {
        var quiet = _world.Dials(Service(static c => c.Body(1).Concat(c), TcpServiceOptions.Public)).Sends("A");
        Assert.That(StoryAt(quiet, 10_000), Is.EqualTo("A"));
    }

    [Test]
    public void A_peer_that_does_not_take_its_answer_is_reset()
    {
        var service = Service(static c => c.UntilEol().Select(static _ => Much), TcpServiceOptions.Public);
        var slow = _world.Dials(service).StopsReading().Sends("A\r\n");
        _world.Passes(4);
        Assert.That(service.Counts.PendingOutput, Is.GreaterThan(100_000));
        _world.Passes(3);
        Assert.That((slow.ReadsOn().IsReset, Trouble), Is.EqualTo((true, "closed: it took its output at 0 bytes/s, below 240 (MinimumWriteRate).")));
        Assert.That(service.Counts.ToString(), Is.EqualTo("0 open, 0 lingering, 0 bytes in, 0 bytes out, MinimumWriteRate: 1"));
    }

    [Test]
    public void A_peer_that_takes_the_last_answer_slowly_is_reset_as_well()
    {
        var service = Service(static c => c.UntilEol().Take(1).Select(static _ => Much), TcpServiceOptions.Public with { CloseTimeout = TimeSpan.FromHours(1) });
        _world.Dials(service).StopsReading().Sends("A\r\n");
        _world.Passes(7);
        Assert.That((service.Counts.Open, service.Counts.Ended(ServiceLimit.MinimumWriteRate)), Is.EqualTo((0, 1)));
    }

    [Test]
    public void One_address_has_so_many_connections_and_gets_another_when_one_ends()
    {
        var service = Echo(new() { MaxConnectionsPerAddress = 2 });
        var (first, _, third) = (_world.Dials(service), _world.Dials(service), _world.Dials(service));
        Assert.That((third.Story, service.Counts.Open, service.Counts.Ended(ServiceLimit.MaxConnectionsPerAddress)), Is.EqualTo(("#", 2, 1)));
        first.Ends();
        Assert.That(_world.Dials(service).Sends("A\r\n").Story, Is.EqualTo("A "));
    }

    [Test]
    public void Who_buffers_most_goes_when_all_together_buffer_too_much()
    {
        var service = Echo(new() { MaxBufferedInput = 50_000 });
        var peers = new[] { 20_000, 25_000, 10_000 }.Select(count => _world.Dials(service).Sends(Much[..count])).ToList();
        Assert.That(peers.Select(static peer => peer.IsReset), Is.EqualTo(new[] { false, true, false }));
        Assert.That((service.Counts.BufferedInput, service.Counts.Ended(ServiceLimit.MaxBufferedInput)), Is.EqualTo((30_000L, 1L)));
    }

    [Test]
    public void What_was_taken_is_no_longer_held()
    {
        var service = Service(static async c =>
        {
            await c.Read(Framing.UntilEol());
            await c.Read(Framing.Bytes(40_000));
            await c.Hub.Sleep(TimeSpan.FromHours(1));
        }, new() { MaxBufferedInput = 50_000 });
        var peers = Enumerable.Range(0, 5).Select(_ => _world.Dials(service).Sends("A\r\n").Sends(Much[..40_000])).ToList();
        Assert.That((peers.Any(static peer => peer.IsReset), service.Counts.Open), Is.EqualTo((false, 5)));
    }

    [Test]
    public void For_whom_most_is_queued_goes_when_too_much_is_queued_for_all_together()
    {
        var service = Service(static c => c.UntilEol().Select(static line => Much[..int.Parse(line.TrimEol().ToText())]), new() { MaxPendingOutput = 150_000 });
        var peers = new[] { 110_000, 180_000, 90_000 }.Select(count => _world.Dials(service).StopsReading().Sends($"{count}\r\n")).ToList();
        Assert.That(peers.Select(static peer => peer.ReadsOn().IsReset), Is.EqualTo(new[] { false, true, false }));
        Assert.That(service.Counts.Ended(ServiceLimit.MaxPendingOutput), Is.EqualTo(1));
    }

    [Test]
    public void A_peer_that_got_its_answer_and_stays_takes_no_place()
    {
        var service = Service(static _ => Observable.Return("A".ToBytes()), new() { MaxConnections = 1 });
        var (_, second) = (_world.Dials(service), _world.Dials(service));
        Assert.That((second.Story, service.Counts.ToString()), Is.EqualTo(("A|", "0 open, 2 lingering, 0 bytes in, 0 bytes out")));
        _world.Passes(6);
        Assert.That(service.Counts.Lingering, Is.Zero);
    }

    [Test]
    public void Of_too_many_that_stay_the_oldest_goes()
    {
        var service = Service(static _ => Observable.Return("A".ToBytes()), new() { MaxLingering = 2 });
        var peers = Enumerable.Range(0, 3).Select(_ => _world.Dials(service)).ToList();
        Assert.That(peers.Select(static peer => peer.IsReset), Is.EqualTo(new[] { true, false, false }));
        Assert.That((service.Counts.Lingering, service.Counts.Ended(ServiceLimit.MaxLingering)), Is.EqualTo((2, 1L)));
    }

    [Test]
    public void A_service_that_stops_waits_for_those_that_stay()
    {
        var service = Service(static _ => Observable.Return("A".ToBytes()), new());
        var peer = _world.Dials(service);
        var stopped = _world.Watch(service.Stop());
        Assert.That(stopped.IsCompleted, Is.False);
        peer.Ends();
        Assert.That(stopped.IsCompleted, Is.True);
    }

    [Test]
    public void A_crowd_of_hostile_peers_is_gone_in_time_and_a_good_one_is_answered_meanwhile()
    {
        const int Many = 2000;
        const int Some = 100;
        _world.Network.Conditions = new() { Cut = Cut.Bytewise };
        var service = Service(
            static c => c.UntilEol().Select(static line => line.Length > 10 ? Much : line), TcpServiceOptions.Public with { MaxConnectionsPerAddress = null });
        var good = _world.Dials(service);
        var (dribbling, silent, slow) = (Crowd(service, Many), Crowd(service, Many), Crowd(service, Some));
        _world.Do(() => slow.ForEach(static peer => peer.StopsReading().Sends("much, please\r\n")));
        for (var second = 0; second < 37; second++)
        {
            _world.Do(() => dribbling.ForEach(static peer => peer.Sends("x")));
            _world.Do(() => slow.Where(static peer => !peer.IsReset && !peer.Transport.IsClosed).ToList().ForEach(static peer => peer.ReadsOne()));
            good.Sends("A\r\n");
            _world.Passes(0.99);
        }

        Assert.That(good.Story, Is.EqualTo(string.Concat(Enumerable.Repeat("A ", 37))));
        Assert.That(service.Counts.Open, Is.EqualTo(1));
        Assert.That(
            new[] { ServiceLimit.FrameTimeout, ServiceLimit.FirstByteTimeout, ServiceLimit.MinimumWriteRate }.Select(service.Counts.Ended),
            Is.EqualTo(new long[] { Many, Many, Some }));
    }

    private string Trouble => string.Join('\n', _world.Errors.Select(static error => error.Exception.Message[error.Exception.Message.IndexOf("closed", StringComparison.Ordinal)..]));

    private string StoryAt(Peer peer, double seconds)
    {
        _world.Passes(seconds);
        return peer.Story;
    }

    private string Dribbling(Peer peer, int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            peer.Sends("x");
            _world.Passes(0.999);
        }

        return peer.Story;
    }

    private List<Peer> Crowd(TcpService service, int count)
    {
        var crowd = new List<Peer>();
        _world.Do(() =>
        {
            for (var i = 0; i < count; i++)
            {
                _world.Hub.Network.Connect(new IPEndPoint(World.Here, service.Port), new()).Subscribe(
                    transport => crowd.Add(new Peer(_world, (VirtualTransport)transport)));
            }
        });
        Assert.That(crowd, Has.Count.EqualTo(count));
        return crowd;
    }

    private TcpService Echo(TcpServiceOptions options) => Service(static c => c.UntilEol(), options);

    private TcpService Service(Func<Connection, IObservable<ReadOnlyMemory<byte>>> handler, TcpServiceOptions options) =>
        _world.Starts(new TcpService(7, handler, options));

    private TcpService Service(Func<Connection, Task> handler, TcpServiceOptions options) => _world.Starts(new TcpService(7, handler, options));
}
