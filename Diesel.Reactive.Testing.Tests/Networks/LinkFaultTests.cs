using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>What is done to links and hosts, and what the ends see of it.</summary>
[TestFixtureSource(typeof(VirtualClock), nameof(VirtualClock.Names))]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LinkFaultTests : IDisposable
{
    private readonly TwoHosts _hosts;
    private readonly VirtualNetwork _network;
    private readonly End _client;
    private readonly End _server;

    public LinkFaultTests(string clock)
    {
        _hosts = new TwoHosts(VirtualClock.Named(clock));
        _network = _hosts.Network;
        (_client, _server) = _hosts.Wire();
    }

    public void Dispose() => _hosts.Dispose();

    [Test]
    public void A_reset_fails_both_ends_and_loses_what_is_under_way()
    {
        _hosts.Link = TwoHosts.Slow(10);
        _client.Sends("A");
        _network.Reset("client", "server");
        _hosts.Passes(30);
        Assert.That((_client.Story, _server.Story), Is.EqualTo(("#ConnectionReset", "#ConnectionReset")));
        Assert.That(_client.At, Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void A_reset_leaves_connections_of_other_hosts()
    {
        _network.Host("third");
        _network.Reset("client", "third");
        Exchange("A", "x");
        Assert.That((_client.Story, _server.Story), Is.EqualTo(("x", "A")));
    }

    [Test]
    public void A_stall_holds_bytes_and_loses_none()
    {
        _client.Sends("A");
        _network.Stall("client", "server");
        Exchange("B", "x");
        _hosts.Passes(60_000);
        Assert.That((_client.Story, _server.Story), Is.EqualTo(("", "")));
        _network.Resume("client", "server");
        _hosts.Passes();
        Assert.That((_client.Story, _server.Story), Is.EqualTo(("x", "AB")));
    }

    [Test]
    public void A_link_may_stall_in_one_direction()
    {
        _network.Strike(FaultKind.Stall, "client→server");
        Exchange("A", "x");
        Assert.That((_client.Story, _server.Story), Is.EqualTo(("x", "")));
    }

    [Test]
    public void A_stall_holds_the_news_of_room()
    {
        _hosts.Link = new() { Window = 1 };
        _network.Strike(FaultKind.Stall, "server→client");
        _client.Sends("AB");
        _hosts.Passes();
        Assert.That((_client.Story, _server.Story), Is.EqualTo(("", "A")));
        _network.Strike(FaultKind.Resume, "server→client");
        _hosts.Passes();
        Assert.That(_client.Story, Is.EqualTo("+0"));
    }

    [Test]
    public void A_partition_holds_bytes_until_it_is_healed()
    {
        _network.Partition("client", "server");
        _client.Sends("A");
        _client.Ends();
        _hosts.Passes(600_000);
        Assert.That(_server.Story, Is.Empty);
        _network.Heal("client", "server");
        _hosts.Passes();
        Assert.That(_server.Story, Is.EqualTo("A |"));
    }

    [Test]
    public void Who_sent_into_a_partition_that_lasts_times_out_and_who_did_not_notices_nothing()
    {
        _network.Partition("client", "server");
        _client.Sends("A");
        _hosts.Passes(15 * 60_000 - 1);
        Assert.That(_client.Story, Is.Empty);
        _hosts.Passes(2);
        _network.Heal("client", "server");
        _hosts.Passes();
        Assert.That((_client.Story, _server.Story), Is.EqualTo(("#TimedOut", "")));
        _server.Sends("x");
        _hosts.Passes();
        Assert.That(_server.Story, Is.EqualTo("#ConnectionReset"));
    }

    [Test]
    public void Who_sent_into_a_stall_that_became_a_partition_times_out()
    {
        _network.Stall("client", "server");
        _client.Sends("A");
        _hosts.Passes();
        _network.Partition("client", "server");
        _hosts.Passes(15 * 60_000 + 1);
        Assert.That(_client.Story, Is.EqualTo("#TimedOut"));
    }

    [Test]
    public void Who_sent_into_a_partition_that_became_a_stall_does_not_time_out()
    {
        _network.Partition("client", "server");
        _client.Sends("A");
        _hosts.Passes();
        _network.Stall("client", "server");
        _network.Heal("client", "server");
        _hosts.Passes(20 * 60_000);
        _network.Resume("client", "server");
        _hosts.Passes();
        Assert.That((_client.Story, _server.Story), Is.EqualTo(("", "A")));
    }

    [Test]
    public void A_stall_does_not_lengthen_a_partition()
    {
        _network.Partition("client", "server");
        _client.Sends("A");
        _hosts.Passes(10 * 60_000);
        _network.Stall("client", "server");
        _hosts.Passes(5 * 60_000 + 1);
        Assert.That(_client.Story, Is.EqualTo("#TimedOut"));
    }

    [Test]
    public void A_reset_into_a_partition_is_lost_and_found_out_by_who_sends()
    {
        _network.Partition("client", "server");
        _client.Sends("A");
        _client.Aborts();
        _hosts.Passes();
        _network.Heal("client", "server");
        _hosts.Passes();
        Assert.That(_server.Story, Is.Empty);
        _server.Sends("x");
        _hosts.Passes();
        Assert.That(_server.Story, Is.EqualTo("#ConnectionReset"));
    }

    [Test]
    public void A_dial_into_a_partition_hangs_until_it_is_healed()
    {
        _hosts.Listens(7);
        _network.Partition("client", "server");
        var dial = _hosts.Dials(7, 1000);
        Assert.That(dial.IsOver, Is.False);
        _network.Heal("client", "server");
        _hosts.Passes();
        Assert.That(dial.IsCompleted, Is.True);
    }

    [Test]
    public void A_crash_is_silent_until_the_peer_sends()
    {
        _network.Crash("server");
        _hosts.Passes(10);
        Assert.That((_client.Story, _server.Story), Is.EqualTo(("", "")));
        Exchange("A", "x");
        Assert.That((_client.Story, _server.Story), Is.EqualTo(("#ConnectionReset", "")));
    }

    [Test]
    public void A_crash_frees_the_ports_and_refuses_dials()
    {
        _hosts.Listens(7);
        _network.Crash("server");
        Assert.That(_hosts.Dials(7).ToString(), Is.EqualTo("#ConnectionException"));
        Assert.That(() => _hosts.Listens(7), Throws.Nothing);
    }

    [Test]
    public void A_crash_ends_dials_without_a_word()
    {
        _hosts.Link = TwoHosts.Slow(10);
        var (accepted, dial) = (_hosts.Listens(7), _hosts.Dials(7));
        _network.Crash("client");
        _hosts.Passes(100);
        Assert.That((dial.IsOver, accepted.Count), Is.EqualTo((false, 0)));
    }

    [Test]
    public void A_silent_host_answers_no_dial_until_it_answers_again()
    {
        _hosts.Listens(7);
        _network.Silence("server");
        var dial = _hosts.Dials(7, 1000);
        Exchange("A", "x");
        Assert.That((dial.IsOver, _server.Story), Is.EqualTo((false, "A")));
        _network.Answer("server");
        _hosts.Passes();
        Assert.That(dial.IsCompleted, Is.True);
    }

    [Test]
    public void A_dial_that_was_given_up_is_never_accepted()
    {
        _hosts.Link = TwoHosts.Slow(10);
        var (accepted, dial) = (_hosts.Listens(7), _hosts.Dials(7, 15));
        dial.Subscription!.Dispose();
        _hosts.Passes(100);
        Assert.That((dial.IsOver, accepted.Count), Is.EqualTo((false, 0)));
    }

    [Test]
    public void A_script_strikes_at_its_instants()
    {
        _network.Script(_hosts.Clock.Scheduler,
            new Fault(FaultKind.Stall, "client↔server", 0, TimeSpan.FromMilliseconds(5)),
            new Fault(FaultKind.Resume, "client↔server", 0, TimeSpan.FromMilliseconds(20)),
            new Fault(FaultKind.Reset, "client→server", 0, TimeSpan.FromMilliseconds(30)));
        _hosts.Passes(9);
        _client.Sends("A");
        _hosts.Passes(90);
        Assert.That((_server.Story, _server.At), Is.EqualTo(("A #ConnectionReset", new[] { 20, 30 })));
        Assert.That(_network.Faults.Select(static f => (f.Kind, f.Link, f.Ordinal, (int)f.At.TotalMilliseconds)), Is.EqualTo(new[]
        {
            (FaultKind.Stall, "client↔server", 0, 5), (FaultKind.Resume, "client↔server", 0, 20), (FaultKind.Reset, "client→server", 0, 30),
        }));
    }

    [Test]
    public void A_script_can_be_dropped()
    {
        _network.Script(_hosts.Clock.Scheduler, new Fault(FaultKind.Crash, "server", 0, TimeSpan.FromMilliseconds(5))).Dispose();
        _hosts.Passes(10);
        Exchange("A", "x");
        Assert.That((_server.Story, _network.Faults.Count), Is.EqualTo(("A", 0)));
    }

    [Test]
    public void Bad_strikes_are_refused()
    {
        Assert.That(() => _network.Strike(FaultKind.Loss, "client→server"), Throws.ArgumentException.With.Message.StartsWith(
            "A fault of the kind Loss is drawn, not done: ask for it with LinkConditions."));
        Assert.That(() => _network.Strike(FaultKind.Stall, "client"), Throws.ArgumentException.With.Message.StartsWith(
            "'client' names no link: write client→server for one direction, client↔server for both."));
        Assert.That(() => _network.Crash("nobody"), Throws.ArgumentException.With.Message.StartsWith("There is no host 'nobody' on this network"));
        Assert.That(_network.Faults, Is.Empty);
    }

    private void Exchange(string toServer, string toClient)
    {
        _client.Sends(toServer);
        _server.Sends(toClient);
        _hosts.Passes();
    }
}
