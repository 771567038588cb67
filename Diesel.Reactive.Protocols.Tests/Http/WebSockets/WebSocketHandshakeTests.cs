using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.WebSocketWire;

namespace Diesel.Reactive.Tests;

/// <summary>What a server answers to who asks for a WebSocket (RFC 6455 §4.2).</summary>
public class WebSocketHandshakeTests
{
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
}
