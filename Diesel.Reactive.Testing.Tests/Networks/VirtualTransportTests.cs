using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>The contract of <see cref="ITransport"/>, which sockets keep as well.</summary>
[TestFixtureSource(typeof(VirtualClock), nameof(VirtualClock.Names))]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VirtualTransportTests : IDisposable
{
    private readonly TwoHosts _hosts;
    private readonly End _client;
    private readonly End _server;

    public VirtualTransportTests(string clock)
    {
        _hosts = new TwoHosts(VirtualClock.Named(clock));
        (_client, _server) = _hosts.Wire();
    }

    public void Dispose() => _hosts.Dispose();

    [Test]
    public void Bytes_arrive_in_order_both_ways()
    {
        _client.Sends("A");
        _server.Sends("x");
        _hosts.Passes();
        _client.Sends("B");
        _hosts.Passes();
        Assert.That((_client.Story, _server.Story), Is.EqualTo(("x", "A B")));
    }

    [Test]
    public void Sends_of_one_turn_are_merged()
    {
        _client.Sends("A");
        _client.Sends("B");
        _hosts.Passes();
        Assert.That(_server.Story, Is.EqualTo("AB"));
    }

    [Test]
    public void A_chunk_is_told_when_it_is_asked_for()
    {
        _server.Pauses();
        Sends("A");
        Sends("B");
        Assert.That(_server.Story, Is.EqualTo("A"));
        Assert.That(_server.ReadsOn().Story, Is.EqualTo("A B"));
    }

    [Test]
    public void A_fin_is_told_behind_the_bytes_and_receiving_goes_on()
    {
        _client.Sends("A");
        _client.Ends();
        _hosts.Passes();
        _server.Sends("x");
        _hosts.Passes();
        Assert.That((_client.Story, _server.Story), Is.EqualTo(("x", "A |")));
    }

    [Test]
    public void A_fin_is_told_unasked_when_nothing_is_left_before_it()
    {
        _server.Pauses();
        Sends("A");
        _client.Sends("B");
        _client.Ends();
        _hosts.Passes();
        Assert.That(_server.Story, Is.EqualTo("A"));
        _server.ReadsOn();
        Assert.That(_server.Story, Is.EqualTo("A B |"));
    }

    [Test]
    public void A_reset_is_told_though_nobody_asks_behind_the_bytes_that_came_before()
    {
        _server.Pauses();
        Sends("A");
        _client.Sends("B");
        _client.Aborts();
        _hosts.Passes();
        Assert.That((_server.Story, _client.Story), Is.EqualTo(("A B #ConnectionReset", "")));
    }

    [Test]
    public void Closing_with_unread_bytes_resets()
    {
        _server.Pauses();
        Sends("A");
        Sends("B");
        _server.Closes();
        _hosts.Passes();
        Assert.That((_client.Story, _server.Story), Is.EqualTo(("#ConnectionReset", "A")));
    }

    [Test]
    public void Closing_without_unread_bytes_ends()
    {
        _server.Closes();
        _hosts.Passes();
        Assert.That((_client.Story, _server.Story), Is.EqualTo(("|", "")));
    }

    [Test]
    public void Sending_to_a_closed_end_gets_a_reset_that_leaves_what_was_unread()
    {
        _client.Pauses();
        _server.Sends("a");
        _hosts.Passes();
        _server.Sends("unread");
        _hosts.Passes();
        _server.Closes();
        _client.Sends("A");
        _hosts.Passes();
        Assert.That(_client.Story, Is.EqualTo("a unread | #ConnectionReset"));
    }

    [Test]
    public void A_reset_that_answers_what_was_sent_behind_the_end_is_told_as_any_other()
    {
        _server.Closes();
        _hosts.Passes();
        _client.Sends("A");
        _hosts.Passes();
        Assert.That(_client.Story, Is.EqualTo("| #ConnectionReset"));
    }

    [Test]
    public void The_end_before_a_reset_is_told()
    {
        _server.Ends();
        _server.Aborts();
        _hosts.Passes();
        Assert.That(_client.Story, Is.EqualTo("| #ConnectionReset"));
    }

    [Test]
    public void What_both_sides_have_ended_cannot_be_reset()
    {
        _server.Ends();
        _hosts.Passes();
        _client.Ends();
        _hosts.Passes();
        _server.Aborts();
        _hosts.Passes();
        Assert.That((_client.Story, _server.Story), Is.EqualTo(("|", "|")));
    }

    [Test]
    public void Ending_towards_a_closed_end_gets_no_reset()
    {
        _server.Closes();
        _hosts.Passes();
        _client.Ends();
        _hosts.Passes();
        Assert.That(_client.Story, Is.EqualTo("|"));
    }

    [Test]
    public void Closing_with_unread_bytes_leaves_the_peer_what_it_has_not_read()
    {
        _client.Pauses();
        _server.Pauses();
        _server.Sends("a");
        Sends("A");
        _server.Sends("unread");
        Sends("B");
        _server.Closes();
        _hosts.Passes();
        Assert.That(_client.Story, Is.EqualTo("a unread #ConnectionReset"));
    }

    [Test]
    public void Bytes_under_way_to_an_end_that_is_gone_with_its_hub_get_a_reset()
    {
        _client.Sends("A");
        _hosts.Network.Crash("server");
        _hosts.Server.Dispose();
        _hosts.Passes();
        Assert.That(_client.Story, Is.EqualTo("#ConnectionReset"));
    }

    [Test]
    public void A_full_window_takes_what_fits_and_tells_when_there_is_room()
    {
        _hosts.Link = new() { Window = 3 };
        _server.Pauses();
        Sends("1");
        Assert.That(_client.Sends("2345"), Is.EqualTo(3));
        _hosts.Passes();
        Assert.That(_client.Story, Is.Empty);
        _server.ReadsOn();
        Assert.That((_client.Story, _server.Story), Is.EqualTo(("+0", "1 234")));
    }

    [Test]
    public void What_is_sent_in_the_background_is_told()
    {
        _hosts.Link = new() { Window = 3, SentInBackground = 2 };
        _server.Pauses();
        Sends("1");
        Assert.That(_client.Sends("234567"), Is.EqualTo(3));
        _hosts.Passes();
        _server.ReadsOn();
        Assert.That((_client.Story, _server.Story), Is.EqualTo(("+2", "1 234 56")));
    }

    [Test]
    public void A_window_that_is_opened_lets_the_sender_go_on()
    {
        _hosts.Link = new() { Window = 1 };
        _server.Pauses();
        Sends("1");
        _client.Sends("23");
        _hosts.Link = new() { Window = 10 };
        _hosts.Passes();
        Assert.That(_client.Story, Is.EqualTo("+0"));
    }

    [Test]
    public void A_failure_is_told_to_who_waits_for_room_and_no_room_any_more()
    {
        _hosts.Link = new() { Window = 1 };
        _server.Pauses();
        Sends("1");
        _client.Sends("23");
        _hosts.Passes();
        _server.Closes();
        _hosts.Passes(10);
        Assert.That(_client.Story, Is.EqualTo("#ConnectionReset"));
    }

    [Test]
    public void No_callback_follows_a_close()
    {
        _client.Sends("A");
        _server.Sends("x");
        _client.Closes();
        _server.Aborts();
        _hosts.Passes(10);
        Assert.That((_client.Story, _server.Story), Is.EqualTo(("", "")));
    }

    [Test]
    public void Asking_twice_is_a_mistake() => Assert.That(
        _client.Transport.Receive, Throws.InstanceOf<TransportRuleException>().With.Message.EqualTo(
            $"Receive was called again on {_client.Transport} before its answer. Ask once, and wait for OnReceived or OnFailed."));

    [Test]
    public void Asking_after_the_end_is_a_mistake()
    {
        _server.Ends();
        _hosts.Passes();
        Assert.That(_client.Transport.Receive, Throws.InstanceOf<TransportRuleException>().With.Message.EqualTo(
            $"Receive was called on {_client.Transport} after the peer's FIN was told. No chunk follows it: ask no more."));
    }

    [Test]
    public void Started_again_it_tells_another()
    {
        var other = new Other();
        _client.Transport.Start(other);
        _server.Sends("x");
        _hosts.Passes();
        Assert.That((_client.Story, other.Received), Is.EqualTo(("", "x")));
    }

    [Test]
    public void Using_what_was_closed_is_a_mistake()
    {
        _client.Closes();
        AssertIsOver(_client);
    }

    [Test]
    public void Using_what_was_aborted_is_a_mistake()
    {
        _client.Aborts();
        AssertIsOver(_client);
    }

    [Test]
    public void Using_what_was_lost_is_a_mistake()
    {
        _server.Aborts();
        _hosts.Passes();
        AssertIsOver(_client);
    }

    [Test]
    public void Sending_after_the_end_is_a_mistake()
    {
        _client.Ends();
        Assert.That(() => _client.Sends("A"), Throws.InstanceOf<TransportRuleException>().With.Message.EqualTo(
            $"Send was called on {_client.Transport} after ShutdownSend. Send first, end last."));
    }

    [Test]
    public void Sending_on_before_there_is_room_is_a_mistake()
    {
        _hosts.Link = new() { Window = 1 };
        _client.Sends("12");
        Assert.That(() => _client.Sends("2"), Throws.InstanceOf<TransportRuleException>().With.Message.EqualTo(
            $"Send was called again on {_client.Transport} after it took fewer bytes. Wait for OnWritable."));
    }

    private static void AssertIsOver(End end)
    {
        end.Closes();
        end.Aborts();
        foreach (var (name, call) in new (string, Action)[] { ("Start", () => end.Transport.Start(end)), ("Receive", end.Transport.Receive), ("Send", () => end.Sends("A")), ("ShutdownSend", end.Ends) })
        {
            Assert.That(call, Throws.InstanceOf<TransportRuleException>().With.Message.EqualTo(
                $"{name} was called on {end.Transport} after it was closed, aborted or lost. Let go of it then."));
        }
    }

    private void Sends(string text)
    {
        _client.Sends(text);
        _hosts.Passes();
    }

    private sealed class Other : ITransportHandler
    {
        public string Received { get; private set; } = "";

        public void OnReceived(ReadOnlyMemory<byte> chunk) => Received += chunk.ToText();

        public void OnWritable(int sent)
        {
        }

        public void OnFailed(ConnectionException error)
        {
        }
    }
}
