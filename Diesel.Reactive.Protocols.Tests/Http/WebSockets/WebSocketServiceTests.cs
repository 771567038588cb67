using System.Net.WebSockets;
using System.Reactive;
using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.WebSocketWire;

namespace Diesel.Reactive.Tests;

/// <summary>A server's WebSockets, with a scripted client, in virtual time.</summary>
public class WebSocketServiceTests
{
    private static readonly object[] Sequences =
    [
        new object[] { Text("hello"), "text:hello" },
        new object[] { Frame(2, "bytes"), "bytes:bytes" },
        new object[] { Text(""), "text:" },
        new object[] { (byte[])[.. Text("a", fin: false), .. Frame(9, "p"), .. More("b", fin: false), .. More("")], "pong:p text:ab" },
        new object[] { (byte[])[.. Text("h", fin: false), .. More("\u00e9"), .. Text("\u20ac")], "text:h\u00e9 text:\u20ac" },
        new object[] { Frame(10, "unasked"), "" },
        new object[] { Enumerable.Range(0, 10).SelectMany(static i => Frame(9, $"{i}")).ToArray(), string.Join(' ', Enumerable.Range(0, 10).Select(static i => $"pong:{i}")) },
        new object[] { Close(null), "close: |" },
        new object[] { Close(1000, "bye"), "close:1000 |" },
        new object[] { Close(3999), "close:3999 |" },
        new object[] { (byte[])[.. Text("last"), .. Close(1001), .. Text("late"), .. Frame(9, "late")], "text:last close:1001 |" },
    ];

    private static readonly object[] Faults =
    [
        new object[] { Text("x", rsv: 1), "close:1002" },
        new object[] { Text("x", mask: false), "close:1002" },
        new object[] { Frame(3, "x"), "close:1002" },
        new object[] { More("x"), "close:1002" },
        new object[] { (byte[])[.. Text("a", fin: false), .. Text("b")], "close:1002" },
        new object[] { Frame(9, new string('x', 126)), "close:1002" },
        new object[] { Close(1005), "close:1002" },
        new object[] { Close(1006), "close:1002" },
        new object[] { Close(1015), "close:1002" },
        new object[] { Close(999), "close:1002" },
        new object[] { Close(5000), "close:1002" },
        new object[] { Frame(8, [3]), "close:1002" },
        new object[] { Frame(8, [3, 0xe8, 0xff]), "close:1007" },
        new object[] { Frame(1, [0xff], fin: false), "close:1007" },
        new object[] { Frame(1, [0xe2, 0x82]), "close:1007" },
        new object[] { (byte[])[.. Frame(1, [0xe2], fin: false), .. Frame(0, [0x28])], "close:1007" },
        new object[] { Frame(1, (byte[])[.. "ok"u8, 0xff, .. new byte[60000]])[..2000], "close:1007" },
        new object[] { Frame(1, [0xed, 0xa0, 0x80]), "close:1007" },
        new object[] { Frame(2, new byte[101]), "close:1009" },
        new object[] { (byte[])[.. Frame(2, new byte[60], fin: false), .. Frame(0, new byte[60])], "close:1009" },
    ];

    [TestCaseSource(nameof(Sequences))]
    public void Echoes_and_answers(byte[] sent, string frames)
    {
        using var world = new World();
        Assert.That(world.Opens(static socket => socket).Sends(sent).Frames(), Is.EqualTo(frames));
        Assert.That(world.Errors, Is.Empty);
    }

    [TestCaseSource(nameof(Sequences))]
    public void Echoes_and_answers_what_comes_byte_by_byte(byte[] sent, string frames)
    {
        using var world = new World();
        var peer = world.Opens(static socket => socket);
        Array.ForEach(sent, each => peer.Sends((byte[])[each]));
        Assert.That(peer.Frames(), Is.EqualTo(frames));
    }

    [TestCaseSource(nameof(Faults))]
    public void Who_breaks_a_rule_sees_the_close_and_then_the_end(byte[] sent, string close)
    {
        using var world = new World();
        var peer = world.Opens(static socket => socket, new() { MaxMessage = 100 }).Sends((byte[])[.. Text("first"), .. sent, .. Text("never read")]);
        Assert.That(peer.Frames(), Is.EqualTo($"text:first {close} |"));
        Assert.That(world.Trouble, Is.EqualTo("WebSocketRefusedException"));
        Assert.That(world.Errors[0].Kind, Is.EqualTo(HubErrorKind.Peer));
    }

    [Test]
    public void Reverses_as_the_issue_has_it()
    {
        using var world = new World();
        var peer = world.Opens(static socket => socket.Select(static message => message.Reverse()));
        Assert.That(peer.Sends(Text("na\u0308her")).Sends(Frame(2, "abc")).Frames(), Is.EqualTo("text:reha\u0308n bytes:cba"));
    }

    [Test]
    public void A_client_that_does_not_answer_a_close_is_left()
    {
        using var world = new World();
        var peer = world.Opens(static _ => Observable.Empty<WebSocketMessage>());
        world.Passes(4.9);
        Assert.That(peer.Frames(), Is.EqualTo("close:1000"));
        world.Passes(0.2);
        Assert.That(peer.Frames(), Is.EqualTo("close:1000 |"));
    }

    [Test]
    public void A_client_that_just_leaves_is_no_error_of_the_services()
    {
        using var world = new World();
        var story = new Story<WebSocketMessage>();
        var peer = world.Opens(socket =>
        {
            socket.Subscribe(story);
            return Observable.Never<WebSocketMessage>();
        }).Sends(Text("a")).Ends();
        Assert.That((story.ToString(), world.Trouble), Is.EqualTo(("a #ConnectionException", "")));
        Assert.That(peer.Frames(), Is.EqualTo("|"));
    }

    [Test]
    public void A_silent_client_is_asked_and_then_reset()
    {
        using var world = new World();
        var peer = world.Opens(static socket => socket);
        world.Passes(29);
        Assert.That(peer.Frames(), Is.Empty);
        world.Passes(2);
        Assert.That(peer.Frames(), Is.EqualTo("ping:"));
        peer.Sends(Frame(10, ""));
        world.Passes(65);
        Assert.That(peer.Frames(), Is.EqualTo("ping: ping:"));
        world.Passes(30);
        Assert.That((peer.Frames(), world.Trouble), Is.EqualTo(("ping: ping: #", "TimeoutException")));
    }

    [Test]
    public void A_service_that_stops_says_that_it_goes_away()
    {
        using var world = new World();
        var service = world.Starts(new HttpService(80, static request => request.AcceptWebSocket(static socket => socket)));
        var peer = world.Dials(80).Sends($"{OpeningRequest}\r\n").Sends(Text("a"));
        Story<Unit>? stopped = null;
        world.Do(() => { stopped = Story.Of(service.Stop()); });
        Assert.That(peer.Frames(), Is.EqualTo("text:a close:1001 |"));
        peer.Sends(Close(1001)).Ends();
        Assert.That((stopped!.IsCompleted, world.Trouble), Is.EqualTo((true, "")));
    }

    [Test]
    public void Long_messages_go_both_ways()
    {
        using var world = new World();
        var peer = world.Opens(static socket => socket);
        Assert.That(peer.Sends(Frame(2, new byte[300_000])).Sends(Text(new string('x', 70_000))).Frames(), Is.EqualTo("bytes:<300000> text:<70000>"));
    }

    [Test]
    public void The_close_tells_its_status_and_reason()
    {
        using var world = new World();
        WebSocketConnection? seen = null;
        world.Opens(socket => seen = socket).Sends(Close(4000, "gone fishing"));
        Assert.That((seen!.CloseStatus, seen.CloseReason), Is.EqualTo(((WebSocketCloseStatus?)4000, "gone fishing")));
    }

    [Test]
    public void Nothing_goes_behind_a_close()
    {
        using var world = new World();
        WebSocketConnection? seen = null;
        var peer = world.Opens(socket =>
        {
            seen = socket;
            return socket;
        });
        world.Do(() => { seen!.Close((WebSocketCloseStatus)4001, "why"); }).Do(() => seen!.OnNext("late"));
        Assert.That(peer.Sends(Text("late, too")).Sends(Frame(9, "p")).Frames(), Is.EqualTo("close:4001"));
        Assert.That(world.Watch(seen!.Send("late")).ToString(), Is.EqualTo("#InvalidOperationException"));
        Assert.That(() => seen!.Close((WebSocketCloseStatus)1005), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => seen!.Close(reason: new string('x', 124)), Throws.ArgumentException);
    }
}
