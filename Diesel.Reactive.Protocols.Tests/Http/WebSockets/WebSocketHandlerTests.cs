using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.WebSocketWire;

namespace Diesel.Reactive.Tests;

/// <summary>Handlers of a server's WebSockets: what they read, send, throw, and how they end.</summary>
public class WebSocketHandlerTests
{
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
        for (var i = 0; i < 120; i++)
        {
            peer.Sends(message);
        }

        world.Passes(1);
        Assert.That(taken, Is.LessThan(60));
        peer.ReadsOn();
        world.Passes(5);
        Assert.That((taken, world.Trouble), Is.EqualTo((120, "")));
    }
}
