using System.Net.WebSockets;
using System.Reactive;
using System.Text;
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
    public void Answers_the_handshake_of_the_specification()
    {
        using var world = new World();
        Assert.That(world.Opens(static socket => socket).Answers(), Is.EqualTo(
            "HTTP/1.1 101 Switching Protocols Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo= Upgrade: websocket Connection: Upgrade  "));
    }

    [TestCase("Connection: Upgrade\r\n", "Connection: close\r\n", "426")]
    [TestCase("Upgrade: websocket", "Upgrade: other", "426")]
    [TestCase("GET", "POST", "426")]
    [TestCase("Version: 13", "Version: 8", "426")]
    [TestCase("Key: dGhlIHNhbXBsZSBub25jZQ==", "Key: dGhlIHNhbXBsZSBub25j", "400")]
    [TestCase("Key: dGhlIHNhbXBsZSBub25jZQ==", "Key: dGhlIHNhbXBsZSBub25jZ!==", "400")]
    [TestCase("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "", "400")]
    [TestCase("Host: a", "Host: a\r\nOrigin: https://evil.example", "403")]
    [TestCase("Host: a", "Host: a\r\nOrigin: http://a", "101")]
    [TestCase("Host: a", "Host: a\r\nOrigin: https://friend.example", "101")]
    public void Says_what_is_wrong_with_a_handshake(string part, string other, string status)
    {
        using var world = new World();
        world.Starts(new HttpService(80, static request => request.AcceptWebSocket(static socket => socket, new() { AllowedOrigins = ["https://friend.example"] })));
        Assert.That(world.Dials(80).Sends($"{OpeningRequest.Replace(part, other, StringComparison.Ordinal)}\r\n").Story, Does.StartWith($"HTTP/1.1 {status} "));
    }

    [TestCase("", null)]
    [TestCase("Sec-WebSocket-Protocol: soap, chat\r\n", "chat")]
    [TestCase("Sec-WebSocket-Protocol: soap\r\nSec-WebSocket-Protocol: superchat\r\n", "superchat")]
    [TestCase("Sec-WebSocket-Protocol: soap\r\n", null)]
    public void Agrees_on_a_subprotocol(string fields, string? protocol)
    {
        using var world = new World();
        var agreed = "none";
        var peer = world.Opens(
            socket =>
            {
                agreed = socket.Protocol;
                return socket;
            },
            new() { Protocols = ["superchat", "chat"] },
            fields);
        Assert.That((agreed, peer.Received.Contains($"Sec-WebSocket-Protocol: {protocol}", StringComparison.Ordinal)), Is.EqualTo((protocol, protocol is not null)));
    }

    [Test]
    public void Reverses_as_the_issue_has_it()
    {
        using var world = new World();
        var peer = world.Opens(static socket => socket.Select(static message => message.Reverse()));
        Assert.That(peer.Sends(Text("na\u0308her")).Sends(Frame(2, "abc")).Frames(), Is.EqualTo("text:reha\u0308n bytes:cba"));
    }

    [Test]
    public void A_handler_that_only_pushes_answers_pings_and_is_ended_by_a_close()
    {
        using var world = new World();
        var isUnsubscribed = false;
        var peer = world.Opens(_ => Observable.Interval(TimeSpan.FromSeconds(1), world.Hub).Select(static n => (WebSocketMessage)$"{n}").Finally(() => isUnsubscribed = true));
        world.Passes(2);
        Assert.That(peer.Sends(Frame(9, "p")).Sends(Close(1001)).Frames(), Is.EqualTo("text:0 text:1 pong:p close:1001 |"));
        world.Passes(5);
        Assert.That((isUnsubscribed, world.Trouble), Is.EqualTo((true, "")));
    }

    [Test]
    public void A_handler_that_is_done_closes_and_waits_for_the_clients_close()
    {
        using var world = new World();
        var peer = world.Opens(static socket => socket.Take(1)).Sends((byte[])[.. Text("a"), .. Text("b")]);
        Assert.That(peer.Frames(), Is.EqualTo("text:a close:1000"));
        Assert.That(peer.Sends(Text("c")).Sends(Close(1000)).Frames(), Is.EqualTo("text:a close:1000 |"));
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
    public void A_handler_that_throws_closes_with_1011_and_shows()
    {
        using var world = new World();
        var peer = world.Opens(static socket => socket.Select(static WebSocketMessage (_) => throw new FormatException())).Sends(Text("a"));
        Assert.That((peer.Frames(), world.Trouble), Is.EqualTo(("close:1011 |", "FormatException")));
    }

    [Test]
    public void A_reader_that_throws_closes_with_1011_and_shows()
    {
        using var world = new World();
        var peer = world.Opens(static socket =>
        {
            socket.Subscribe(static _ => throw new FormatException());
            return Observable.Never<WebSocketMessage>();
        }).Sends((byte[])[.. Text("a"), .. Text("b")]);
        Assert.That((peer.Frames(), world.Trouble), Is.EqualTo(("close:1011 |", "FormatException")));
    }

    [Test]
    public void A_reader_without_a_place_for_errors_is_no_trouble_when_the_client_leaves()
    {
        using var world = new World();
        world.Opens(static socket =>
        {
            socket.Subscribe(static _ => { });
            return Observable.Never<WebSocketMessage>();
        }).Ends();
        Assert.That(world.Trouble, Is.Empty);
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
    public void A_reset_ends_the_handler()
    {
        using var world = new World();
        var isUnsubscribed = false;
        world.Opens(socket => socket.Finally(() => isUnsubscribed = true)).Sends(Text("a")).Resets();
        Assert.That((isUnsubscribed, world.Trouble), Is.EqualTo((true, "")));
    }

    [Test]
    public void A_conversation_reads_message_by_message()
    {
        using var world = new World();
        var peer = world.Converses(static async socket =>
        {
            var name = await socket.Read();
            socket.OnNext($"hello, {name.Text}");
            var (first, second) = (await socket.Read(), await socket.Read());
            await socket.Send(WebSocketMessage.Of($"{first}+{second}"));
        }).Sends((byte[])[.. Text("x"), .. Text("1"), .. Text("2"), .. Text("never read")]);
        Assert.That(peer.Frames(), Is.EqualTo("text:hello, x text:1+2 close:1000"));
        Assert.That(peer.Sends(Close(1000)).Frames(), Does.EndWith(" |"));
        Assert.That(world.Errors, Is.Empty);
    }

    [Test]
    public void A_read_that_loses_has_taken_nothing()
    {
        using var world = new World();
        var peer = world.Converses(static async socket =>
        {
            var first = await First.Of(socket.Read(), Hub.Current!.Sleep(TimeSpan.FromSeconds(1)));
            socket.OnNext($"{first.Index}");
            socket.OnNext(await socket.Read());
        }).Sends(Text("half", fin: false));
        world.Passes(1);
        Assert.That(peer.Sends(More(" and half")).Frames(), Is.EqualTo("text:1 text:half and half close:1000"));
    }

    [Test]
    public void A_second_reader_is_refused()
    {
        using var world = new World();
        Story<WebSocketMessage>? second = null;
        world.Opens(socket =>
        {
            socket.Subscribe(static _ => { });
            second = Story.Of(socket);
            return Observable.Never<WebSocketMessage>();
        });
        Assert.That($"{second}", Is.EqualTo("#InvalidOperationException"));
    }

    [Test]
    public void Messages_are_sent_and_read_in_parts()
    {
        using var world = new World();
        var parts = new Story<WebSocketPart>();
        var source = new System.Reactive.Subjects.Subject<ReadOnlyMemory<byte>>();
        var peer = world.Opens(socket =>
        {
            socket.Parts.Subscribe(parts);
            socket.Send(source, isText: true).Subscribe(static _ => { });
            socket.OnNext("behind");
            return Observable.Never<WebSocketMessage>();
        });
        world.Do(() => source.OnNext("a".ToBytes())).Do(() => source.OnNext("b".ToBytes()));
        peer.Sends(Frame(9, "p"));
        world.Do(source.OnCompleted);
        Assert.That(peer.Frames(), Is.EqualTo("text:a. more:b. pong:p more: text:behind"));
        peer.Sends((byte[])[.. Frame(2, new byte[2000]), .. Text("x", fin: false), .. More("y")]);
        Assert.That($"{parts}", Is.EqualTo("2000 bytes of binary, the last 1 bytes of text 1 bytes of text, the last"));
    }

    [Test]
    public void A_message_of_any_length_is_read_in_parts_while_its_reader_holds_the_client()
    {
        using var world = new World();
        world.Network.Conditions = new() { Window = 1000 };
        var (read, hold) = (0L, (IDisposable?)null);
        var peer = world.Opens(
            socket =>
            {
                socket.Parts.Subscribe(part =>
                {
                    read += part.Bytes.Length;
                    hold ??= socket.Pause();
                });
                return Observable.Never<WebSocketMessage>();
            },
            new() { MaxMessage = 100 });
        peer.Sends(Frame(2, new byte[100_000]));
        world.Passes(1);
        Assert.That((read, peer.Unsent > 90_000), Is.EqualTo((read, true)).And.Matches<(long, bool)>(static it => it.Item1 < 2000));
        world.Do(hold!.Dispose);
        world.Passes(1);
        Assert.That((read, peer.Unsent), Is.EqualTo((100_000L, 0)));
    }

    [Test]
    public void A_client_that_does_not_take_its_replies_is_not_read()
    {
        using var world = new World();
        var taken = 0;
        var peer = world.Opens(socket => socket.Do(_ => taken++).SelectMany(message => Observable.Timer(TimeSpan.FromMilliseconds(1), world.Hub).Select(_ => message)));
        peer.StopsReading();
        var message = Frame(2, new byte[10_000]);
        for (var i = 0; i < 500; i++)
        {
            peer.Sends(message);
        }

        world.Passes(1);
        Assert.That(taken, Is.LessThan(100));
        peer.ReadsOn();
        world.Passes(5);
        Assert.That((taken, world.Trouble), Is.EqualTo((500, "")));
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

    [Test]
    public void Text_is_checked_however_it_is_cut()
    {
        var text = "Hello-\u00b5@\u00df\u00f6\u00e4-\u03ba\u1f79\u03c3\u03bc\u03b5 \U00010348!";
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second++)
            {
                var scan = new Utf8Scan();
                Assert.That(scan.TryAdd(bytes.AsSpan(0, first)) && scan.TryAdd(bytes.AsSpan(first, second - first)) && scan.TryAdd(bytes.AsSpan(second)) && scan.IsWhole, Is.True);
            }
        }
    }

    [TestCase("f48fbfbf", true)]
    [TestCase("f4908080", false)]
    [TestCase("c080", false)]
    [TestCase("e08080", false)]
    [TestCase("eda080", false)]
    [TestCase("edbfbf", false)]
    [TestCase("80", false)]
    [TestCase("f8888080", false)]
    [TestCase("efbfbf", true)]
    public void What_is_no_text_is_seen_at_the_byte_that_makes_it_so(string hex, bool isText)
    {
        var bytes = Convert.FromHexString(hex);
        var (scan, whole) = (new Utf8Scan(), true);
        Array.ForEach(bytes, each => whole &= scan.TryAdd([each]));
        Assert.That((whole, new Utf8Scan().TryAdd(bytes)), Is.EqualTo((isText, isText)));
    }
}
