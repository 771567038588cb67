using System.Net;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>The contract of <see cref="ITransport"/>, for code that works on transports itself.</summary>
public class DuplexTransportTests
{
    [Test]
    public void A_fin_is_told_once_unasked() => Told("--|", (_, told) => Assert.That(told, Is.EqualTo(new[] { "FIN@2" })));

    [Test]
    public void A_fin_waits_until_nothing_is_left_to_read() => Told("a|---", (transport, told) =>
    {
        Assert.That(told, Is.Empty);
        transport.Receive();
    }, "a@2 FIN@2");

    [Test]
    public void Receive_is_answered_once() => Told("ab", (transport, _) => transport.Receive(), "a@2");

    [Test]
    public void Receive_is_not_asked_twice() => Told("", (transport, _) =>
    {
        transport.Receive();
        Assert.That(transport.Receive, Throws.TypeOf<TransportRuleException>().With.Message.Contains("Ask once"));
    });

    [Test]
    public void Nothing_is_asked_for_after_the_fin() => Told("|", (transport, _) =>
        Assert.That(transport.Receive, Throws.TypeOf<TransportRuleException>().With.Message.Contains("ask no more")));

    [Test]
    public void Started_again_it_tells_another() => MarbleTest.Run(t =>
    {
        t.Duplex("---a").At("peer", 7);
        var (first, second) = (new Handler(t), new Handler(t));
        t.Hub.Network.Connect(new IPEndPoint(t.Network.Host("peer").Addresses[0], 7), new()).Subscribe(transport =>
        {
            transport.Start(first);
            transport.Receive();
            transport.Start(second);
        });
        t.Flush();
        Assert.That((first.Told, second.Told), Is.EqualTo((new List<string>(), new List<string> { "a@3" })));
    });

    [TestCase("")]
    [TestCase("#")]
    public void It_is_not_used_when_it_is_over(string rx) => Told(rx, (transport, _) =>
    {
        transport.Close();
        transport.Abort();
        foreach (var call in new Action[] { () => transport.Start(null!), transport.Receive, () => transport.Send("a"u8), transport.ShutdownSend })
        {
            Assert.That(call, Throws.TypeOf<TransportRuleException>().With.Message.Contains("after it was closed, aborted or lost"));
        }
    });

    [Test]
    public void What_is_sent_from_several_places_is_one_chunk() => MarbleTest.Run(static t =>
    {
        var duplex = t.Duplex(rx: "", tx: $"'{new string('a', 3000)}{new string('b', 3000)}'");
        duplex.Connection.OnNext(new string('a', 3000).ToBytes());
        duplex.Connection.OnNext(new string('b', 3000).ToBytes());
        t.Flush();
        Assert.That(duplex.Sent, Has.Count.EqualTo(1));
    });

    [Test]
    public void Nothing_is_sent_after_its_end() => Told("", (transport, _) =>
    {
        transport.ShutdownSend();
        Assert.That(() => transport.Send("a"u8), Throws.TypeOf<TransportRuleException>().With.Message.Contains("Send first, end last"));
    });

    [Test]
    public void A_dial_to_an_address_in_its_mapped_form_meets_the_peer() => MarbleTest.Run(t =>
    {
        t.Duplex("|", "").At("peer", 7);
        t.Hub.Network.Connect(new IPEndPoint(t.Network.Host("peer").Addresses[0].MapToIPv6(), 7), new()).Subscribe();
    });

    [Test]
    public void A_reset_is_told_unasked_behind_all_that_came() => Told("ab#", (_, told) => Assert.That(told, Is.EqualTo(new[] { "a@2", "b@2", "lost@2" })));

    [Test]
    public void A_refused_send_is_followed_by_room() => Told("", (transport, _) =>
    {
        Assert.That(transport.Send("abc"u8), Is.Zero);
        Assert.That(() => transport.Send("abc"u8), Throws.TypeOf<TransportRuleException>().With.Message.Contains("OnWritable"));
    }, "room 0@5", window: "!----^");

    [Test]
    public void Nothing_is_told_after_the_close() => Told("---a#", (transport, _) =>
    {
        transport.Receive();
        transport.Close();
    }, "");

    [Test]
    public void A_connection_is_made_of_it_on_the_hubs_thread_only()
    {
        using var live = new Live();
        Told("", (transport, _) => Assert.That(() => Tcp.Over(transport, null, live.Hub), Throws.InvalidOperationException.With.Message.Contains("hub.Schedule")));
    }

    // At 2 ms the code acts; what it was told by the end is compared.
    private static void Told(string rx, Action<ITransport, List<string>> act, string? expected = null, string? window = null) => MarbleTest.Run(t =>
    {
        t.Duplex(rx, window: window).At("peer", 7);
        var handler = new Handler(t);
        t.Hub.Network.Connect(new IPEndPoint(t.Network.Host("peer").Addresses[0], 7), new()).Subscribe(transport =>
        {
            transport.Start(handler);
            handler.Transport = transport;
        });
        t.AdvanceTo(TimeSpan.FromMilliseconds(2));
        act(handler.Transport, handler.Told);
        t.Flush();
        Assert.That(string.Join(' ', handler.Told), Is.EqualTo(expected ?? string.Join(' ', handler.Told)));
    });

    private sealed class Handler(MarbleTest test) : ITransportHandler
    {
        public List<string> Told { get; } = [];

        public ITransport Transport { get; set; } = null!;

        public void OnReceived(ReadOnlyMemory<byte> chunk) => Tell(chunk.IsEmpty ? "FIN" : chunk.ToText());

        public void OnWritable(int sent) => Tell($"room {sent}");

        public void OnFailed(ConnectionException error) => Tell("lost");

        private void Tell(string what) => Told.Add($"{what}@{test.Scheduler.Elapsed.TotalMilliseconds}");
    }
}
