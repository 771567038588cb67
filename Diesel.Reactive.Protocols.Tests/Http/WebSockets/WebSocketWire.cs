using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Tests;

/// <summary>Frames as bytes, written and read by hand, and peers that send them.</summary>
internal static class WebSocketWire
{
    public const string OpeningRequest =
        "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    private static readonly byte[] Key = [0x37, 0xfa, 0x21, 0x3d];

    public static byte[] Text(string text, bool fin = true, int rsv = 0, bool mask = true) => Frame(1, text, fin, rsv, mask);

    public static byte[] More(string text, bool fin = true, bool mask = true) => Frame(0, text, fin, mask: mask);

    public static byte[] Close(int? status, string reason = "", bool mask = true) =>
        Frame(8, [.. status is { } code ? new[] { (byte)(code >> 8), (byte)code } : [], .. Encoding.UTF8.GetBytes(reason)], mask: mask);

    public static byte[] Frame(int opcode, string text, bool fin = true, int rsv = 0, bool mask = true) => Frame(opcode, Encoding.UTF8.GetBytes(text), fin, rsv, mask);

    public static byte[] Frame(int opcode, byte[] payload, bool fin = true, int rsv = 0, bool mask = true)
    {
        var (length, bit) = (payload.Length, mask ? 0x80 : 0);
        var wide = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(wide, length);
        byte[] head =
        [
            (byte)((fin ? 0x80 : 0) | (rsv << 4) | opcode),
            .. length < 126 ? new[] { (byte)(bit | length) } : length < 65536 ? [(byte)(bit | 126), wide[6], wide[7]] : [(byte)(bit | 127), .. wide],
        ];
        var key = mask ? Key : [];
        return [.. head, .. key, .. payload.Select((each, i) => mask ? (byte)(each ^ key[i & 3]) : each)];
    }

    /// <summary>A service of WebSockets, and a client that has become one.</summary>
    public static Peer Opens(
        this World world, Func<WebSocketConnection, IObservable<WebSocketMessage>> handler, WebSocketOptions? options = null, string fields = "")
    {
        world.Starts(new HttpService(80, request => request.AcceptWebSocket(handler, options)));
        return world.Dials(80).Sends($"{OpeningRequest}{fields}\r\n");
    }

    public static Peer Converses(this World world, Func<WebSocketConnection, Task> handler, WebSocketOptions? options = null)
    {
        world.Starts(new HttpService(80, request => request.AcceptWebSocket(handler, options)));
        return world.Dials(80).Sends($"{OpeningRequest}\r\n");
    }

    /// <summary>Sends messages of many lengths, in one piece and in parts, has them back, and closes.</summary>
    public static async Task TalksWithAnEcho(this WebSocketConnection client)
    {
        foreach (var length in new[] { 0, 1, 125, 126, 65535, 65536, 300_000 })
        {
            var text = WebSocketMessage.Of(new string('\u20ac', length / 3) + new string('a', length % 3));
            var bytes = new byte[length];
            new Random(length).NextBytes(bytes);
            client.OnNext(text);
            client.OnNext(bytes);
            Assert.That(await client.Read(), Is.EqualTo(text));
            Assert.That(await client.Read(), Is.EqualTo(WebSocketMessage.Of(bytes)));
        }

        await client.Send(Observable.Return("frag".ToBytes()).Append("mented".ToBytes()), isText: true);
        Assert.That((await client.Read()).Text, Is.EqualTo("fragmented"));
        await client.Close();
        Assert.That(client.CloseStatus, Is.EqualTo(WebSocketCloseStatus.NormalClosure));
    }

    /// <summary>What came behind the handshake: <c>text:hello</c>, <c>close:1000</c>; a dot behind a fragment, <c>~</c> before what is compressed, and how it
    /// ended.</summary>
    public static string Frames(this Peer peer) =>
        string.Join(' ', Read(Encoding.Latin1.GetBytes(peer.Received.Contains("\r\n\r\n", StringComparison.Ordinal) ? peer.Received[(peer.Received.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..] : ""))
            .Concat(peer.IsReset ? ["#"] : peer.HasEnded ? ["|"] : []));

    public static IEnumerable<string> Read(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var (first, length, isMasked) = (bytes[at], (long)bytes[at + 1] & 0x7f, bytes[at + 1] >= 0x80);
            at += 2;
            if (length >= 126)
            {
                var size = length == 126 ? 2 : 8;
                length = size == 2 ? BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(at));
                at += size;
            }

            var key = isMasked ? bytes[at..(at + 4)] : new byte[4];
            at += isMasked ? 4 : 0;
            var payload = bytes[at..(at + (int)length)].Select((each, i) => (byte)(each ^ key[i & 3])).ToArray();
            at += (int)length;
            yield return Told(first, payload);
        }
    }

    private static string Told(byte first, byte[] payload)
    {
        var text = payload.Length > 200 ? $"<{payload.Length}>" : Encoding.UTF8.GetString(payload);
        var kind = (first & 0xf) switch
        {
            0 => "more",
            1 => "text",
            2 => "bytes",
            8 => "close",
            9 => "ping",
            10 => "pong",
            _ => "?",
        };
        text = kind == "close" && payload.Length >= 2 ? $"{(payload[0] << 8) | payload[1]}" : text;
        return $"{((first & 0x40) != 0 ? "~" : "")}{kind}:{text}{((first & 0x80) == 0 ? "." : "")}";
    }
}
