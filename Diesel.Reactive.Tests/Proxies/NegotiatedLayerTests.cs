using System.Net;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>A layer that begins with a header: each byte is the header's or the connection's, and none both.</summary>
public class NegotiatedLayerTests
{
    private const string Line = "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n";

    [Test]
    public void What_comes_behind_the_header_is_the_connections([Range(1, 50)] int length)
    {
        var wire = new Wire();
        wire.World.Network.Conditions = new() { Cut = Cut.Of(there => Math.Min(there, length)) };
        var up = wire.Watch(static c => c.Upgrade(ProxyProtocol.Receive()));
        var lines = wire.Lines();
        wire.Peer.Sends(Line + "A\r\nB\r\n").Ends();
        wire.Passes(1);
        Assert.That((up.ToString(), lines.ToString()), Is.EqualTo(("() |", "A B |")));
        Assert.That($"{wire.Connection.LocalEndPoint} {wire.Connection.RemoteEndPoint}", Is.EqualTo("192.0.2.2:443 192.0.2.1:56324"));
        Assert.That(wire.Connection.Feature<ProxyHeader>()?.Version, Is.EqualTo(1));
    }

    [Test]
    public void What_is_sent_meanwhile_waits_for_it()
    {
        var wire = new Wire();
        wire.Watch(static c => c.Upgrade(ProxyProtocol.Receive()));
        var sent = wire.Watch(static c => c.Send("A\r\n".ToBytes()));
        Assert.That((sent.ToString(), wire.Peer.Received), Is.EqualTo(("", "")));
        wire.Peer.Sends(Line);
        Assert.That((sent.ToString(), wire.Peer.Received), Is.EqualTo(("() |", "A\r\n")));
    }

    [Test]
    public void A_header_that_is_sent_comes_first_however_slow_the_peer_is_to_take_it()
    {
        var wire = new Wire();
        wire.World.Network.Conditions = new() { Window = 10 };
        wire.Peer.StopsReading();
        var header = ProxyHeader.Of(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 56324), new IPEndPoint(IPAddress.Parse("192.0.2.2"), 443)) with { Version = 1 };
        var up = wire.Watch(c => c.Upgrade(ProxyProtocol.Send(header)));
        wire.Sends("A\r\n");
        Assert.That(up.ToString(), Is.Empty);
        wire.Peer.ReadsOn();
        wire.Passes(1);
        Assert.That((up.ToString(), wire.Peer.Received), Is.EqualTo(("() |", Line + "A\r\n")));
    }

    [Test]
    public void A_header_that_is_sent_needs_no_answer()
    {
        var wire = new Wire();
        var up = wire.Watch(static c => c.Upgrade(ProxyProtocol.Send(ProxyHeader.Local)));
        wire.Sends("A\r\n").Peer.Sends("B\r\n");
        Assert.That((up.ToString(), wire.Lines().ToString()), Is.EqualTo(("() |", "B")));
        Assert.That(wire.Peer.Received, Does.EndWith("A\r\n"));
    }

    [TestCase("GET / HTTP/1.1\r\n", "ProtocolException", "begins no PROXY header")]
    [TestCase("PROXY TCP4 1 2\r\n", "ProtocolException", "is no line of the PROXY protocol")]
    public void What_is_no_header_resets_the_connection(string sent, string error, string message)
    {
        var wire = new Wire();
        var up = wire.Watch(static c => c.Upgrade(ProxyProtocol.Receive()));
        var lines = wire.Lines();
        wire.Peer.Sends(sent + "A\r\n");
        Assert.That((up.ToString(), lines.ToString(), wire.Peer.Story), Is.EqualTo(($"#{error}", $"#{error}", "#")));
        Assert.That((up.Error!.Message, wire.World.Trouble), Is.EqualTo((up.Error.Message, "")));
        Assert.That(up.Error.Message, Does.Contain(message).And.Contain("10.0.0.1:"));
    }

    [Test]
    public void A_header_that_never_ends_is_cut_off()
    {
        var wire = new Wire();
        var up = wire.Watch(static c => c.Upgrade(ProxyProtocol.Receive()));
        for (var i = 0; i < 20 && !wire.Peer.IsReset; i++)
        {
            wire.Peer.Sends(i == 0 ? "PROXY UNKNOWN " : "xxxxxxxxxx");
        }

        Assert.That((up.ToString(), wire.Peer.IsReset), Is.EqualTo(("#FrameTooLongException", true)));
    }

    [Test]
    public void A_header_that_does_not_come_is_not_waited_for()
    {
        var wire = new Wire();
        var up = wire.Watch(static c => c.Upgrade(ProxyProtocol.Receive(new() { HeaderTimeout = TimeSpan.FromSeconds(3) })));
        wire.Peer.Sends(Line[..^1]);
        wire.Passes(2.9);
        Assert.That(up.ToString(), Is.Empty);
        wire.Passes(0.2);
        Assert.That((up.ToString(), wire.Peer.Story), Is.EqualTo(("#TimeoutException", "#")));
        Assert.That(up.Error!.Message, Does.Contain("the PROXY header").And.Contain("00:00:03"));
    }

    [Test]
    public void A_peer_that_ends_within_the_header_is_told_apart()
    {
        var wire = new Wire();
        var up = wire.Watch(static c => c.Upgrade(ProxyProtocol.Receive()));
        wire.Peer.Sends("PROXY ").Ends();
        Assert.That(up.Error, Is.InstanceOf<TruncatedFrameException>().With.Property("PendingBytes").EqualTo(6));
    }

    [Test]
    public void A_peer_that_resets_within_the_header_is_told_as_that()
    {
        var wire = new Wire();
        var up = wire.Watch(static c => c.Upgrade(ProxyProtocol.Receive()));
        wire.Peer.Sends("PROXY ").Resets();
        Assert.That(up.ToString(), Is.EqualTo("#ConnectionException"));
    }

    [Test]
    public void A_timer_does_not_outlive_the_header()
    {
        var wire = new Wire();
        var up = wire.Watch(static c => c.Upgrade(ProxyProtocol.Receive()));
        wire.Peer.Sends(Line);
        wire.Passes(60);
        wire.Peer.Sends("A\r\n");
        Assert.That((up.ToString(), wire.Lines().ToString()), Is.EqualTo(("() |", "A")));
    }

    [Test]
    public void Layers_lie_on_it_also_in_mid_stream_and_know_what_it_knows()
    {
        var wire = new Wire();
        wire.Watch(static c => c.Upgrade(ProxyProtocol.Receive()));
        wire.Peer.Sends(Line);
        var up = wire.Watch(static c => c.Upgrade(XorLayer.Of(7)));
        wire.Peer.Sends(XorLayer.Opening(9, "A\r\n"));
        Assert.That((up.ToString(), wire.Lines().ToString(), wire.Connection.Feature<ProxyHeader>()?.Version), Is.EqualTo(("() |", "A", (int?)1)));
    }

    [Test]
    public void A_layer_above_hears_why_it_failed()
    {
        var wire = new Wire();
        var up = wire.Watch(static c => c.Upgrade(static (below, hub) => new XorLayer(ProxyProtocol.Receive()(below, hub), hub, 7)));
        wire.Peer.Sends("GET /\r\n");
        Assert.That(up.Error, Is.InstanceOf<ConnectionException>().With.InnerException.InstanceOf<ProtocolException>());
        Assert.That(wire.Peer.IsReset, Is.True);
    }

    [Test]
    public void A_layer_above_may_begin_before_it_is_open()
    {
        var wire = new Wire();
        var up = wire.Watch(static c => c.Upgrade(static (below, hub) => new XorLayer(ProxyProtocol.Receive()(below, hub), hub, 7)));
        wire.Peer.Sends(Line);
        wire.Peer.Sends(XorLayer.Opening(9, "A\r\n"));
        Assert.That((up.ToString(), wire.Lines().ToString(), wire.Peer.Received), Is.EqualTo(("() |", "A", "X\u0007")));
    }

    [Test]
    public void Both_ends_pass_through_it()
    {
        var wire = new Wire();
        wire.Watch(static c => c.Upgrade(ProxyProtocol.Receive()));
        var lines = wire.Lines();
        wire.Do(static c => c.OnCompleted());
        wire.Peer.Sends(Line).Ends();
        Assert.That((lines.ToString(), wire.Peer.HasEnded, wire.Connection.Closed.IsCancellationRequested), Is.EqualTo(("|", true, true)));
    }

    [Test]
    public void It_ends_with_a_connection_that_is_given_up()
    {
        var wire = new Wire();
        var up = wire.Watch(static c => c.Upgrade(ProxyProtocol.Receive()));
        wire.Do(static c => c.Abort());
        wire.Passes(60);
        Assert.That((up.ToString(), wire.Peer.IsReset, wire.World.Trouble), Is.EqualTo(("#ConnectionException", true, "")));
    }
}
