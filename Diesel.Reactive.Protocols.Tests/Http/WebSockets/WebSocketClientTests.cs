using System.Net.WebSockets;
using System.Text.RegularExpressions;
using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.WebSocketWire;

namespace Diesel.Reactive.Tests;

/// <summary>A client's WebSockets: the handshake, with scripted servers, and conversations with our own service.</summary>
public class WebSocketClientTests
{
    private const string Accepted = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {0}\r\n";

    [Test]
    public void Asks_as_the_specification_says()
    {
        using var world = new World();
        using var peers = world.Listens(8080);
        world.Watch(WebSockets.Connect("ws://10.0.0.1:8080/a%20b?c=d", new() { Protocols = ["x", "y"], Deflate = new(), Headers = HttpHeaders.Of(("Origin", "http://me")) }, world.Hub));
        Assert.That(Regex.Replace(peers.Last.Story, "Key: [^ ]{24} ", "Key: … "), Is.EqualTo(
            "GET /a%20b?c=d HTTP/1.1 Host: 10.0.0.1:8080 Upgrade: websocket Connection: Upgrade Sec-WebSocket-Key: … Sec-WebSocket-Version: 13 "
            + "Sec-WebSocket-Protocol: x, y Sec-WebSocket-Extensions: permessage-deflate Origin: http://me  "));
    }

    [Test]
    public void Is_open_when_the_server_accepts_and_what_came_with_that_is_read()
    {
        using var world = new World();
        var (client, peer) = Opened(world, "HTTP/1.1 103 Early Hints\r\n\r\n" + Accepted + "\r\n", behind: Text("hello", mask: false));
        Assert.That(client.Error, Is.Null);
        var messages = world.Watch(client.Last);
        world.Do(() => client.Last.OnNext("hi"));
        Assert.That((messages.ToString(), peer.Frames()), Is.EqualTo(("hello", "text:hi")));
    }

    [TestCase("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", nameof(WebSocketRefusalException), 404)]
    [TestCase("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n", nameof(WebSocketRefusalException), 101)]
    [TestCase("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {0}\r\n\r\n", nameof(WebSocketRefusalException), 101)]
    [TestCase(Accepted + "Sec-WebSocket-Protocol: z\r\n\r\n", nameof(WebSocketRefusalException), 101)]
    [TestCase(Accepted + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n", nameof(WebSocketRefusedException), 0)]
    [TestCase("HTTP/1.1 1\n\n", nameof(HttpRefusedException), 0)]
    [TestCase("HTTP/1.1 101 Switching", "", 0)]
    public void Refuses_what_is_no_answer(string answer, string error, int status)
    {
        using var world = new World();
        var (client, peer) = Opened(world, answer);
        Assert.That((client.Error?.GetType().Name ?? "", (client.Error as WebSocketRefusalException)?.Status ?? 0), Is.EqualTo((error, status)));
        Assert.That(peer.HasEnded, Is.EqualTo(error.Length > 0));
    }

    [Test]
    public void A_server_that_does_not_answer_is_left_in_time()
    {
        using var world = new World();
        var (client, peer) = Opened(world, "HTTP/1.1 101 Switching");
        world.Passes(15);
        Assert.That((client.ToString(), peer.HasEnded || peer.IsReset), Is.EqualTo(("#TimeoutException", true)));
    }

    [TestCase("http://a/")]
    [TestCase("ws://a/#b")]
    [TestCase("/a")]
    public void Connects_to_WebSockets_only(string uri) =>
        Assert.That(() => WebSockets.Connect(new Uri(uri, UriKind.RelativeOrAbsolute)), Throws.ArgumentException);

    [TestCase("hello")]
    [TestCase("")]
    [TestCase("\u20ac\U0001f600")]
    public void Talks_with_our_own_service(string text) => World.Run(async hub =>
    {
        await using var service = Serve(hub, static socket => socket);
        var client = await WebSockets.Connect("ws://10.0.0.1/", hub: hub);
        client.OnNext(text);
        client.OnNext(WebSocketMessage.Of(new byte[70_000]));
        Assert.That(await client.Read(), Is.EqualTo(WebSocketMessage.Of(text)));
        Assert.That(await client.Read(), Is.EqualTo(WebSocketMessage.Of(new byte[70_000])));
        await client.Close((WebSocketCloseStatus)4321, "bye");
        Assert.That(client.CloseStatus, Is.EqualTo((WebSocketCloseStatus)4321));
    });

    [Test]
    public void Talks_compressed_and_agrees_on_a_protocol([Values] bool keeps) => World.Run(async hub =>
    {
        var options = new WebSocketOptions { Deflate = new() { KeepsContext = keeps }, Protocols = ["p"] };
        await using var service = Serve(hub, static socket => socket, options);
        var client = await WebSockets.Connect("ws://10.0.0.1/", new() { Deflate = new(), Protocols = ["o", "p"] }, hub);
        for (var i = 0; i < 20; i++)
        {
            var text = string.Concat(Enumerable.Repeat($"again and again {i}", i * 50));
            client.OnNext(text);
            Assert.That((await client.Read()).Text, Is.EqualTo(text));
        }

        await client.Send(Observable.Range(0, 5).Select(n => $"part {n} ".ToBytes()), isText: true);
        Assert.That(((await client.Read()).Text, client.Protocol), Is.EqualTo(("part 0 part 1 part 2 part 3 part 4 ", "p")));
        await client.Close();
    });

    [Test]
    public void The_server_closes_and_the_client_is_told() => World.Run(async hub =>
    {
        await using var service = Serve(hub, static socket => socket.Take(1));
        var client = await WebSockets.Connect("ws://10.0.0.1/", hub: hub);
        client.OnNext("only this");
        Assert.That((await client.Read()).Text, Is.EqualTo("only this"));
        Assert.That(await client.ToList().ToAwaitable(), Is.Empty);
        Assert.That(client.CloseStatus, Is.EqualTo(WebSocketCloseStatus.NormalClosure));
    });

    [Test]
    public void A_servers_mask_is_refused_with_a_close()
    {
        using var world = new World();
        var (client, peer) = Opened(world, Accepted + "\r\n");
        var messages = world.Watch(client.Last);
        peer.Sends(Text("masked"));
        Assert.That((messages.ToString(), peer.Frames()), Is.EqualTo(("#WebSocketRefusedException", "close:1002 |")));
    }

    [Test]
    public void Waits_for_the_servers_end_behind_the_close_but_not_for_ever()
    {
        using var world = new World();
        var (client, peer) = Opened(world, Accepted + "\r\n");
        world.Watch(client.Last);
        peer.Sends(Close(1000, mask: false));
        Assert.That(peer.Frames(), Is.EqualTo("close:1000"));
        world.Passes(5);
        Assert.That(peer.Frames(), Is.EqualTo("close:1000 |"));
    }

    private static HttpService Serve(Hub hub, Func<WebSocketConnection, IObservable<WebSocketMessage>> handler, WebSocketOptions? options = null)
    {
        var service = new HttpService(80, request => request.AcceptWebSocket(handler, options));
        service.Start(hub);
        return service;
    }

    private static (Story<WebSocketConnection> Client, Peer Peer) Opened(World world, string answer, byte[]? behind = null)
    {
        using var peers = world.Listens(80);
        var client = world.Watch(WebSockets.Connect("ws://10.0.0.1/", new() { PingInterval = Timeout.InfiniteTimeSpan }, world.Hub));
        var peer = peers.Last;
        var key = Regex.Match(peer.Received, "Key: (.{24})").Groups[1].Value;
        peer.Sends((byte[])[.. System.Text.Encoding.ASCII.GetBytes(answer.Replace("{0}", WebSocketHandshake.AnswerTo(key), StringComparison.Ordinal)), .. behind ?? []]);
        return (client, peer);
    }
}
