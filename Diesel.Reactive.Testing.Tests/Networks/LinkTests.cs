using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Latency, bandwidth and windows give exact instants.</summary>
[TestFixtureSource(typeof(VirtualClock), nameof(VirtualClock.Names))]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LinkTests(string clock) : IDisposable
{
    private readonly TwoHosts _hosts = new(VirtualClock.Named(clock));

    public void Dispose() => _hosts.Dispose();

    [Test]
    public void A_dial_is_answered_after_there_and_back_and_accepted_when_that_was_heard()
    {
        _hosts.Link = TwoHosts.Slow(10);
        var server = _hosts.Listens(7);
        var dial = _hosts.Dials(7, 19.5);
        Assert.That(dial.ToString(), Is.Empty);
        _hosts.Passes();
        Assert.That((dial.IsCompleted, server.Count), Is.EqualTo((true, 0)));
        _hosts.Passes(10);
        Assert.That(server, Has.Count.EqualTo(1));
    }

    [Test]
    public void Bytes_take_the_latency()
    {
        var (client, server) = Wire(TwoHosts.Slow(10));
        client.Sends("A");
        _hosts.Passes(9.5);
        Assert.That(server.Story, Is.Empty);
        _hosts.Passes();
        Assert.That((server.Story, server.At), Is.EqualTo(("A", new[] { 11 })));
    }

    [Test]
    public void The_two_directions_differ()
    {
        var (client, server) = _hosts.Wire();
        _hosts.Network.SetLink("client", "server", TwoHosts.Slow(30));
        _hosts.Network.SetLink("server", "client", TwoHosts.Slow(5));
        client.Sends("A");
        server.Sends("x");
        _hosts.Passes(50);
        Assert.That((client.At, server.At), Is.EqualTo((new[] { 6 }, new[] { 31 })));
    }

    [Test]
    public void A_latency_that_changes_does_not_reorder_a_stream()
    {
        var (client, server) = Wire(TwoHosts.Slow(10));
        client.Sends("A");
        _hosts.Link = TwoHosts.Slow(0);
        client.Sends("B");
        _hosts.Passes(20);
        Assert.That((server.Story, server.At), Is.EqualTo(("AB", new[] { 11 })));
    }

    [Test]
    public void Jitter_stays_within_its_bounds_and_does_not_reorder_a_stream()
    {
        var (client, server) = Wire(new() { Latency = Latency.Between(Milliseconds(5), Milliseconds(50)) });
        foreach (var letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        {
            client.Sends($"{letter}");
        }

        _hosts.Passes(60);
        Assert.That(server.Story.Replace(" ", "", StringComparison.Ordinal), Is.EqualTo("ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
        Assert.That(server.At, Has.Count.GreaterThan(1).And.All.InRange(6, 51));
    }

    [Test]
    public void Bandwidth_lets_bytes_through_one_after_the_other()
    {
        var (client, server) = Wire(new() { Bandwidth = 1000 });
        client.Sends(new string('A', 100));
        _hosts.Passes(50);
        client.Sends(new string('B', 100));
        _hosts.Passes(200);
        Assert.That(server.At, Is.EqualTo(new[] { 101, 201 }));
    }

    [Test]
    public void Bandwidth_is_shared_by_the_connections_of_a_link()
    {
        var (one, oneServer) = _hosts.Wire();
        var (other, otherServer) = _hosts.Wire();
        _hosts.Link = new() { Bandwidth = 1000, Latency = Milliseconds(5) };
        one.Sends(new string('A', 10));
        other.Sends(new string('B', 20));
        _hosts.Passes(50);
        Assert.That((oneServer.At, otherServer.At), Is.EqualTo((new[] { 17 }, new[] { 37 })));
    }

    [Test]
    public void A_window_lets_its_bytes_through_once_per_round_trip()
    {
        var (client, server) = Wire(new() { Latency = Milliseconds(10), Window = 2 });
        Assert.That(client.Sends("ABC"), Is.EqualTo(2));
        _hosts.Passes(19.5);
        Assert.That((server.At, client.Story), Is.EqualTo((new[] { 11 }, "")));
        _hosts.Passes();
        Assert.That((client.Story, client.At), Is.EqualTo(("+0", new[] { 21 })));
    }

    [Test]
    public void Conditions_of_the_network_are_those_of_links_without_their_own()
    {
        var (client, server) = _hosts.Wire();
        _hosts.Network.Conditions = TwoHosts.Slow(3);
        client.Sends("A");
        _hosts.Passes(9);
        Assert.That((server.At, _hosts.Network.GetLink("client", "server").Latency), Is.EqualTo((new[] { 4 }, (Latency)Milliseconds(3))));
    }

    [Test]
    public void Bad_conditions_are_refused()
    {
        Assert.That(() => new LinkConditions { Bandwidth = 0 }, Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Bandwidth must be greater than zero, or null."));
        Assert.That(() => new LinkConditions { Window = 0 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new LinkConditions { Loss = 1.1 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Latency.Between(Milliseconds(2), Milliseconds(1)), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _hosts.Network.SetLink("client", "nobody", new()), Throws.ArgumentException.With.Message.StartsWith(
            "There is no host 'nobody' on this network: make it with Host(\"nobody\"). There are: local, client, server."));
    }

    // Opened while links still take no time: a millisecond has passed.
    private (End Client, End Server) Wire(LinkConditions conditions)
    {
        var wire = _hosts.Wire();
        _hosts.Link = conditions;
        return wire;
    }

    private static TimeSpan Milliseconds(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
