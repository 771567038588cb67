using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Two connections, relayed: the client's peer and the upstream's see each other.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RelayTests : IDisposable
{
    private const int KiB = 1024;

    private readonly World _world = new();
    private readonly Wire _client;
    private readonly Wire _upstream;
    private readonly Story<RelayCounts> _relay;

    public RelayTests()
    {
        (_client, _upstream) = (_world.Wire(), _world.Wire());
        _relay = _world.Watch(_client.Connection.RelayTo(_upstream.Connection));
    }

    private long Waiting => _client.Connection.PendingBytes + _upstream.Connection.PendingBytes;

    public void Dispose() => _world.Dispose();

    [Test]
    public void Passes_bytes_on_both_ways_and_counts_them()
    {
        _client.Peer.Sends("A\r\n").Sends("BB\r\n");
        _upstream.Peer.Sends("C\r\n");
        Assert.That((_upstream.Peer.Received, _client.Peer.Received), Is.EqualTo(("A\r\nBB\r\n", "C\r\n")));
        _client.Peer.Ends();
        _upstream.Peer.Ends();
        Assert.That((_relay.ToString(), _world.Trouble), Is.EqualTo(($"{new RelayCounts(7, 3)} |", "")));
    }

    [Test]
    public void Passes_the_end_of_one_side_on_and_lets_the_other_go_on([Values] bool clientFirst)
    {
        var (first, second) = clientFirst ? (_client.Peer, _upstream.Peer) : (_upstream.Peer, _client.Peer);
        first.Sends("A\r\n").Ends();
        Assert.That((second.Story, first.Story, _relay.IsOver), Is.EqualTo(("A |", "", false)));
        second.Sends("B\r\n").Ends();
        Assert.That((second.Story, first.Story, _relay.IsCompleted), Is.EqualTo(("A |", "B |", true)));
    }

    [Test]
    public void Lets_go_of_both_at_the_end()
    {
        _client.Peer.Ends();
        _upstream.Peer.Ends();
        Assert.That((_client.Transport.IsClosed, _upstream.Transport.IsClosed), Is.EqualTo((true, true)));
    }

    [Test]
    public void Passes_a_reset_on([Values] bool ofClient)
    {
        var (first, second) = ofClient ? (_client.Peer, _upstream.Peer) : (_upstream.Peer, _client.Peer);
        first.Sends("A\r\n").Resets();
        Assert.That((second.Story, _relay.ToString(), _world.Trouble), Is.EqualTo(("A #", "#ConnectionException", "")));
    }

    [Test]
    public void A_reset_behind_an_end_takes_nothing_of_what_was_said_before()
    {
        _client.Peer.StopsReading();
        _upstream.Peer.Sends(new string('x', 222 * KiB)).Ends();
        Assert.That((_upstream.Peer.Unsent, _upstream.Transport.Unread), Is.EqualTo((0, 30 * KiB)));
        _upstream.Peer.Resets();
        Assert.That((_client.Peer.Received, _relay.IsOver), Is.EqualTo(("", false)));
        _client.Peer.ReadsOn();
        _world.Passes(20);
        Assert.That((_client.Peer.Received.Length, _client.Peer.HasEnded, _client.Peer.IsReset), Is.EqualTo((222 * KiB, true, false)));
        Assert.That((_relay.ToString(), _world.Trouble), Is.EqualTo(("#ConnectionException", "")));
    }

    [Test]
    public void A_reset_is_passed_on_though_the_other_takes_nothing()
    {
        _upstream.Peer.StopsReading();
        _client.Peer.Sends(new string('x', 500 * KiB));
        _world.Passes(1);
        _client.Peer.Resets();
        Assert.That((_relay.ToString(), _upstream.Transport.IsClosed), Is.EqualTo(("#ConnectionException", true)));
    }

    [Test]
    public void A_side_that_takes_its_time_slows_the_other([Values] bool isClient)
    {
        var (slow, fast) = isClient ? (_client.Peer, _upstream.Peer) : (_upstream.Peer, _client.Peer);
        slow.StopsReading();
        fast.Sends(new string('x', 4096 * KiB));
        slow.Sends(new string('y', 300 * KiB)).Ends();
        _world.Passes(10);
        Assert.That((fast.Received.Length, fast.HasEnded), Is.EqualTo((300 * KiB, true)));
        Assert.That(Waiting, Is.LessThanOrEqualTo(128 * KiB));
        Assert.That(fast.Unsent, Is.GreaterThan(3000 * KiB));
        slow.ReadsOn();
        fast.Ends();
        _world.Passes(10);
        Assert.That((slow.Received.Length, slow.HasEnded, _relay.IsCompleted, _world.Trouble), Is.EqualTo((4096 * KiB, true, true, "")));
    }

    [Test]
    public void Never_waits_with_more_than_a_mark_and_a_chunk([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        _world.Network.Conditions = new() { Window = 80 * KiB, Latency = TimeSpan.FromMilliseconds(5), Cut = Cut.Of(there => Math.Min(there, 1 + random.Next(5000))) };
        _client.Peer.Sends(new string('x', 2048 * KiB)).Ends();
        _upstream.Peer.Sends(new string('y', 2048 * KiB)).Ends();
        var most = 0L;
        for (var step = 0; step < 20_000 && !_relay.IsOver; step++)
        {
            var peer = random.Next(2) == 0 ? _client.Peer : _upstream.Peer;
            _ = random.Next(3) == 0 ? peer.StopsReading() : peer.ReadsOn();
            _world.Passes(random.Next(200) / 1000.0);
            most = Math.Max(most, Math.Max(_client.Connection.PendingBytes, _upstream.Connection.PendingBytes));
        }

        _client.Peer.ReadsOn();
        _upstream.Peer.ReadsOn();
        _world.Passes(10);
        Assert.That(_relay.ToString(), Is.EqualTo($"{new RelayCounts(2048 * KiB, 2048 * KiB)} |"));
        Assert.That((_client.Peer.Received.Length, _upstream.Peer.Received.Length), Is.EqualTo((2048 * KiB, 2048 * KiB)));
        Assert.That(most, Is.InRange(64 * KiB, 128 * KiB));
    }

    [Test]
    public void Unsubscribed_it_resets_both_as_a_stream_that_is_cut_short_must_not_look_whole()
    {
        _client.Peer.Sends("A\r\n");
        _world.Do(_relay.Subscription!.Dispose);
        Assert.That((_client.Peer.Story, _upstream.Peer.Story, _relay.ToString(), _world.Trouble), Is.EqualTo(("#", "A #", "", "")));
    }

    [Test]
    public void Unsubscribed_behind_its_end_it_changes_nothing()
    {
        _client.Peer.Ends();
        _upstream.Peer.Ends();
        _world.Do(_relay.Subscription!.Dispose);
        Assert.That((_client.Peer.Story, _upstream.Peer.Story), Is.EqualTo(("|", "|")));
    }

    [Test]
    public void A_connection_that_this_side_closes_ends_it([Values] bool isClient)
    {
        var (closed, other) = isClient ? (_client, _upstream) : (_upstream, _client);
        closed.Do(static c => c.Dispose());
        Assert.That((closed.Peer.Story, other.Peer.Story, _relay.ToString()), Is.EqualTo(("|", "#", "#ObjectDisposedException")));
    }

    [Test]
    public void A_connection_with_a_reader_is_not_relayed_and_not_harmed()
    {
        var (wire, third) = (_world.Wire(), _world.Wire());
        var lines = wire.Lines();
        Assert.That(_world.Watch(third.Connection.RelayTo(wire.Connection)).ToString(), Is.EqualTo("#InvalidOperationException"));
        Assert.That(_world.Watch(wire.Connection.RelayTo(third.Connection)).ToString(), Is.EqualTo("#InvalidOperationException"));
        Assert.That(_world.Watch(third.Connection.RelayTo(_client.Connection)).ToString(), Is.EqualTo("#InvalidOperationException"));
        wire.Peer.Sends("A\r\n");
        _client.Peer.Sends("B\r\n");
        Assert.That((lines.ToString(), _upstream.Peer.Received, third.Peer.Story), Is.EqualTo(("A", "B\r\n", "")));
    }

    [Test]
    public void A_connection_that_is_over_ends_the_other([Values] bool isClient)
    {
        var (over, other) = (_world.Wire(), _world.Wire());
        over.Peer.Resets();
        _world.Passes(1);
        var relay = _world.Watch(isClient ? over.Connection.RelayTo(other.Connection) : other.Connection.RelayTo(over.Connection));
        Assert.That((relay.ToString(), other.Peer.Story), Is.EqualTo(("#ConnectionException", "#")));
    }

    [Test]
    public void A_connection_whose_output_has_ended_is_not_relayed_and_not_harmed([Values] bool isClient)
    {
        var (open, ended) = (_world.Wire(), _world.Wire().Do(static c => c.OnCompleted()));
        var (client, upstream) = isClient ? (ended, open) : (open, ended);
        var relay = _world.Watch(client.Connection.RelayTo(upstream.Connection));
        Assert.That(relay.Error, Is.InstanceOf<InvalidOperationException>().With.Message.Contains("OnCompleted"));
        var lines = open.Lines();
        open.Peer.Sends("A\r\n");
        Assert.That((lines.ToString(), _world.Trouble), Is.EqualTo(("A", "")));
    }

    [Test]
    public void It_ends_with_its_hub()
    {
        _world.Hub.Dispose();
        Assert.That(_relay.Error, Is.Not.Null);
        Assert.That(Story.Of(_client.Connection.RelayTo(_upstream.Connection)).ToString(), Is.EqualTo("#ObjectDisposedException"));
    }

    [Test]
    public void What_it_is_called_with_wrongly_is_thrown()
    {
        using var elsewhere = new World();
        Assert.That(() => _client.Connection.RelayTo(null!), Throws.ArgumentNullException);
        Assert.That(() => RelayExtensions.RelayTo(null!, _client.Connection), Throws.ArgumentNullException);
        Assert.That(() => _client.Connection.RelayTo(_client.Connection), Throws.ArgumentException.With.Message.Contains("itself"));
        Assert.That(() => _client.Connection.RelayTo(elsewhere.Wire().Connection), Throws.ArgumentException.With.Message.Contains("another hub"));
    }

    [Test]
    public void A_service_relays_and_tells_of_no_ones_end()
    {
        var counts = new List<RelayCounts>();
        _world.Starts(new TcpService(8, static c => c.UntilEol().Take(1)));
        var service = _world.Starts(new TcpService(9, async client =>
        {
            using var upstream = await Tcp.Connect("10.0.0.1", 8);
            counts.Add(await client.RelayTo(upstream));
        }));
        var (ending, resetting) = (_world.Dials(9).Sends("A\r\n"), _world.Dials(9));
        resetting.Resets();
        _world.Passes(1);
        ending.Ends();
        _world.Passes(1);
        Assert.That((ending.Story, service.Counts.Open, _world.Trouble), Is.EqualTo(("A |", 0, "")));
        Assert.That(counts, Is.EqualTo(new[] { new RelayCounts(3, 3) }));
    }

    [Test]
    public void A_service_that_stops_lets_a_relay_end()
    {
        _world.Starts(new TcpService(8, static c => c.UntilEol()));
        var service = _world.Starts(new TcpService(9, async client =>
        {
            using var upstream = await Tcp.Connect("10.0.0.1", 8);
            await client.RelayTo(upstream);
        }));
        var peer = _world.Dials(9).Sends("A\r\n");
        var stopped = _world.Watch(service.Stop());
        _world.Passes(1);
        peer.Ends();
        _world.Passes(1);
        Assert.That((peer.Story, stopped.IsCompleted, _world.Trouble), Is.EqualTo(("A |", true, "")));
    }

    [Test]
    public void It_relays_to_an_upgraded_upstream()
    {
        var (client, upstream) = (_world.Wire(), _world.Wire());
        upstream.Watch(c => c.Upgrade(XorLayer.Of(3)));
        Assert.That(_world.Watch(client.Connection.RelayTo(upstream.Connection)).ToString(), Is.EqualTo("#InvalidOperationException"));
        upstream.Peer.Sends(XorLayer.Opening(5, ""));
        _world.Watch(client.Connection.RelayTo(upstream.Connection));
        upstream.Peer.Sends(XorLayer.Bytes(5, "B\r\n"));
        Assert.That(client.Peer.Received, Is.EqualTo("B\r\n"));
    }
}
