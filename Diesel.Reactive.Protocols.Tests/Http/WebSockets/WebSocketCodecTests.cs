using System.Buffers;
using System.Text;
using Diesel.Reactive.Protocols.Http;
using FsCheck.NUnit;
using static Diesel.Reactive.Tests.WebSocketWire;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace Diesel.Reactive.Tests;

/// <summary>Frames and bytes, of both roles: the laws, the examples of RFC 6455 §5.7, and what is refused.</summary>
[Properties(MaxTest = 200, QuietOnSuccess = true)]
public class WebSocketCodecTests
{
    private static readonly HttpRole[] Roles = [HttpRole.Client, HttpRole.Server];

    private static readonly int[] Lengths = [0, 1, 124, 125, 126, 127, 1023, 1024, 1025, 65535, 65536, 70000];

    // Bytes of an example, and what they are.
    private static readonly object[] Examples =
    [
        new object[] { HttpRole.Server, "810548656c6c6f", "Text Hello" },
        new object[] { HttpRole.Client, "818537fa213d7f9f4d5158", "Text Hello" },
        new object[] { HttpRole.Server, "010348656c80026c6f", "Text Hel. Continuation lo" },
        new object[] { HttpRole.Server, "890548656c6c6f", "Ping Hello" },
        new object[] { HttpRole.Client, "8a8537fa213d7f9f4d5158", "Pong Hello" },
        new object[] { HttpRole.Server, "c107f248cdc9c90700", "Text* \ufffdH\ufffd\ufffd\ufffd\a\0" },
    ];

    // Of a client unless it says server; the first bytes are enough.
    private static readonly object[] Refused =
    [
        new object[] { HttpRole.Client, "9180", "RFC 6455 §5.2" },
        new object[] { HttpRole.Client, "a180", "RFC 6455 §5.2" },
        new object[] { HttpRole.Client, "c180", "RFC 6455 §5.2" },
        new object[] { HttpRole.Client, "8380", "RFC 6455 §5.2" },
        new object[] { HttpRole.Client, "8b80", "RFC 6455 §5.2" },
        new object[] { HttpRole.Client, "8100", "RFC 6455 §5.1" },
        new object[] { HttpRole.Server, "8180", "RFC 6455 §5.1" },
        new object[] { HttpRole.Client, "89fe", "RFC 6455 §5.5" },
        new object[] { HttpRole.Client, "0980", "RFC 6455 §5.5" },
        new object[] { HttpRole.Client, "0880", "RFC 6455 §5.5" },
        new object[] { HttpRole.Client, "8080", "RFC 6455 §5.4" },
        new object[] { HttpRole.Server, "01008100", "RFC 6455 §5.4" },
        new object[] { HttpRole.Server, "0100800080", "" },
        new object[] { HttpRole.Server, "810081000000", "RFC 6455 §5.4" },
        new object[] { HttpRole.Client, "81fe007d", "RFC 6455 §5.2" },
        new object[] { HttpRole.Client, "81ff000000000000ffff", "RFC 6455 §5.2" },
        new object[] { HttpRole.Client, "82ffffffffffffffffff", "RFC 6455 §5.2" },
    ];

    [TestCaseSource(nameof(Examples))]
    public void Reads_the_examples_of_the_specification(HttpRole sender, string hex, string frames) =>
        Assert.That(Decoded(sender, [Convert.FromHexString(hex)], compressed: true), Is.EqualTo(frames));

    [TestCaseSource(nameof(Refused))]
    public void Refuses_with_the_rule_as_soon_as_it_is_broken(HttpRole sender, string hex, string rule) =>
        Assert.That(Decoded(sender, [Convert.FromHexString(hex)]).Split('#').ElementAtOrDefault(1) ?? "", Is.EqualTo(rule));

    [Test]
    public void A_frame_past_the_limit_is_refused_when_its_length_is_there()
    {
        var decoder = new WebSocketFraming(HttpRole.Server, maxPayload: 1000).CreateDecoder();
        var refused = Assert.Throws<WebSocketRefusedException>(() => decoder.TryDecode(new byte[] { 0x82, 126, 0x03, 0xe9 }, out _, out _))!;
        Assert.That((int)refused.Status, Is.EqualTo(1009));
    }

    [Test]
    public void What_is_written_is_read_again_however_it_is_cut([ValueSource(nameof(Roles))] HttpRole sender, [ValueSource(nameof(Lengths))] int length)
    {
        var framing = new WebSocketFraming(sender, allowsCompressed: true);
        var payload = Enumerable.Range(0, length).Select(static i => (byte)(i * 7)).ToArray();
        var output = new ArrayBufferWriter<byte>();
        framing.Encode(new(WebSocketOpcode.Binary, payload, IsFinal: false, IsCompressed: true), output);
        framing.Encode(new(WebSocketOpcode.Ping, payload.AsMemory(0, Math.Min(length, 125))), output);
        framing.Encode(new(WebSocketOpcode.Continuation, payload), output);
        var wire = output.WrittenSpan.ToArray();
        var whole = Messages(framing, [wire]);
        Assert.That(whole, Is.EqualTo($"Ping{Math.Min(length, 125)} Binary*{2 * length}:{Hash([.. payload, .. payload])}"));
        foreach (var cut in Enumerable.Range(0, wire.Length).Where(at => at < 40 || at > wire.Length - 10 || at % 977 == 0))
        {
            Assert.That(Messages(framing, [wire[..cut], wire[cut..]]), Is.EqualTo(whole), $"cut at {cut}");
        }
    }

    [Test]
    public void Every_cut_of_every_short_frame_gives_the_same_frames([ValueSource(nameof(Roles))] HttpRole sender)
    {
        var mask = sender == HttpRole.Client;
        byte[] wire =
        [
            .. Text("hello", mask: mask), .. Frame(1, "a", fin: false, mask: mask), .. Frame(9, "ping", mask: mask), .. More("b", fin: false, mask: mask), .. More("", mask: mask),
            .. Frame(2, new string('x', 300), mask: mask), .. Close(1000, "bye", mask),
        ];
        var whole = Decoded(sender, [wire]);
        Assert.That(whole, Does.StartWith("Text hello Text a. Ping ping Continuation b. Continuation  Binary xxx").And.EndsWith("bye"));
        for (var first = 0; first < wire.Length; first++)
        {
            for (var second = first; second < wire.Length; second += 3)
            {
                Assert.That(Decoded(sender, [wire[..first], wire[first..second], wire[second..]]), Is.EqualTo(whole));
            }
        }
    }

    [Property]
    public void Any_bytes_are_frames_or_refused(bool isClient, byte[] bytes)
    {
        byte[] wire = [.. Frame(1, "a", mask: isClient), .. bytes];
        Assert.That(Decoded(isClient ? HttpRole.Client : HttpRole.Server, [wire]), Does.StartWith("Text a"));
    }

    [Test]
    public void A_long_frame_is_given_out_as_it_comes_and_nothing_is_kept()
    {
        var decoder = new WebSocketFraming(HttpRole.Client).CreateDecoder();
        var wire = Frame(2, new byte[5000]);
        Assert.That(decoder.TryDecode(wire.AsMemory(0, 100), out var piece, out var consumed), Is.True);
        Assert.That((piece.Payload.Length, piece.IsFinal, consumed, decoder.IsOwed), Is.EqualTo((92, false, 100, true)));
        Assert.That(decoder.TryDecode(wire.AsMemory(100), out piece, out consumed), Is.True);
        Assert.That((piece.Opcode, piece.Payload.Length, piece.IsFinal, consumed, decoder.IsOwed), Is.EqualTo((WebSocketOpcode.Continuation, 4908, true, wire.Length - 100, false)));
    }

    [TestCase(WebSocketOpcode.Ping, 126, true, false)]
    [TestCase(WebSocketOpcode.Close, 0, false, false)]
    [TestCase(WebSocketOpcode.Pong, 0, true, true)]
    [TestCase((WebSocketOpcode)3, 0, true, false)]
    [TestCase(WebSocketOpcode.Text, 0, true, true)]
    [TestCase(WebSocketOpcode.Text, 1001, true, false)]
    public void What_a_peer_would_refuse_is_not_written(WebSocketOpcode opcode, int length, bool final, bool compressed)
    {
        var output = new ArrayBufferWriter<byte>();
        var framing = new WebSocketFraming(HttpRole.Server, maxPayload: 1000);
        Assert.That(() => framing.Encode(new(opcode, new byte[length], final, compressed), output), Throws.ArgumentException);
        Assert.That(output.WrittenCount, Is.Zero);
    }

    [Test]
    public void No_two_frames_of_a_client_have_the_same_key()
    {
        var keys = Enumerable.Range(0, 200).Select(static _ => Convert.ToHexString(new WebSocketFraming(HttpRole.Client).Encode(new WebSocketFrame(WebSocketOpcode.Ping, default)).Span[2..]));
        Assert.That(keys.Distinct().Count(), Is.GreaterThan(195));
    }

    private static string Decoded(HttpRole sender, byte[][] chunks, bool compressed = false)
    {
        var told = new List<string>();
        try
        {
            Run(new WebSocketFraming(sender, compressed), chunks, frame =>
                told.Add($"{frame.Opcode}{(frame.IsCompressed ? "*" : "")} {Encoding.UTF8.GetString(frame.Payload.Span)}{(frame.IsFinal ? "" : ".")}"));
        }
        catch (WebSocketRefusedException refused)
        {
            told.Add($"#{refused.Rule}");
        }

        return string.Join(' ', told);
    }

    // Pieces put together again.
    private static string Messages(WebSocketFraming framing, byte[][] chunks)
    {
        var (told, message, kind) = (new List<string>(), new List<byte>(), "");
        Run(framing, chunks, frame =>
        {
            if (frame.IsControl)
            {
                told.Add($"{frame.Opcode}{frame.Payload.Length}");
                return;
            }

            kind = frame.Opcode == WebSocketOpcode.Continuation ? kind : $"{frame.Opcode}{(frame.IsCompressed ? "*" : "")}";
            message.AddRange(frame.Payload.Span);
            if (frame.IsFinal)
            {
                told.Add($"{kind}{message.Count}:{Hash([.. message])}");
                message.Clear();
            }
        });
        return string.Join(' ', told);
    }

    private static string Hash(byte[] bytes) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes))[..8];

    private static void Run(WebSocketFraming framing, byte[][] chunks, Action<WebSocketFrame> give)
    {
        var (decoder, unread) = (framing.CreateDecoder(), ReadOnlyMemory<byte>.Empty);
        foreach (var chunk in chunks)
        {
            unread = (byte[])[.. unread.Span, .. chunk];
            while (unread.Length > 0 && decoder.TryDecode(unread, out var frame, out var consumed))
            {
                give(frame);
                unread = unread[consumed..];
            }
        }
    }
}
