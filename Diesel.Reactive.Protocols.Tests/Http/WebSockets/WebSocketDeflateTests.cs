using System.IO.Compression;
using System.Text;
using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.WebSocketWire;

namespace Diesel.Reactive.Tests;

/// <summary>permessage-deflate (RFC 7692): what is agreed on, the examples of §7.2.3, and what a message inflates to.</summary>
public class WebSocketDeflateTests
{
    private const string Offer = "Sec-WebSocket-Extensions: permessage-deflate\r\n";

    private static readonly WebSocketOptions Deflating = new() { Deflate = new() { MinimumLength = 1 } };

    // The inflated form is Hello: one block; two blocks without compression, a fixed one and a final one.
    private static readonly string[] Hellos = ["f248cdc9c90700", "000500faff48656c6c6f00", "f348cdc9c9070000", "f248050000 00ffffcac9c90700"];

    [TestCase("permessage-deflate", "permessage-deflate")]
    [TestCase("x-webkit-deflate-frame, permessage-deflate; client_max_window_bits", "permessage-deflate")]
    [TestCase("permessage-deflate; server_no_context_takeover", "permessage-deflate; server_no_context_takeover")]
    [TestCase("permessage-deflate; client_no_context_takeover", "permessage-deflate; client_no_context_takeover")]
    [TestCase("permessage-deflate; server_max_window_bits=15", "permessage-deflate; server_max_window_bits=15")]
    [TestCase("permessage-deflate; server_max_window_bits=\"15\"", "permessage-deflate; server_max_window_bits=15")]
    [TestCase("permessage-deflate; server_max_window_bits=9", "")]
    [TestCase("permessage-deflate; server_max_window_bits=9, permessage-deflate", "permessage-deflate")]
    [TestCase("permessage-deflate; server_max_window_bits", "")]
    [TestCase("permessage-deflate; client_max_window_bits=16", "")]
    [TestCase("permessage-deflate; frob=1", "")]
    [TestCase("permessage-deflate; client_no_context_takeover; client_no_context_takeover", "")]
    [TestCase("permessage-deflate; client_no_context_takeover=1", "")]
    [TestCase("", "")]
    [TestCase(";;=,,;", "")]
    public void A_server_takes_what_it_can_keep(string offer, string answer)
    {
        DeflateAgreement.Accept([offer], new(), out var response);
        Assert.That(response, Is.EqualTo(answer));
    }

    [TestCase("permessage-deflate", true)]
    [TestCase("permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9", true)]
    [TestCase("permessage-deflate; client_max_window_bits=15", false)]
    [TestCase("permessage-deflate; server_max_window_bits=7", false)]
    [TestCase("permessage-deflate, permessage-deflate", false)]
    [TestCase("other", false)]
    public void A_client_takes_what_it_can_keep(string answer, bool isTaken)
    {
        NUnit.Framework.Constraints.IResolveConstraint outcome = isTaken ? Throws.Nothing : Throws.InstanceOf<WebSocketRefusedException>();
        Assert.That(() => DeflateAgreement.Confirm([answer], new()), outcome);
        Assert.That(() => DeflateAgreement.Confirm([answer], null), Throws.InstanceOf<WebSocketRefusedException>());
    }

    [Test]
    public void Inflates_the_examples_one_after_the_other([Values] bool keeps)
    {
        using var inflater = new MessageInflater(keeps);
        foreach (var hello in Hellos.Concat(Hellos))
        {
            Assert.That(Inflate(inflater, Convert.FromHexString(hello.Replace(" ", "", StringComparison.Ordinal))), Is.EqualTo("Hello"), hello);
        }
    }

    [Test]
    public void Inflates_byte_by_byte()
    {
        using var inflater = new MessageInflater(keepsContext: true);
        var (wire, room, text) = (Convert.FromHexString("f248cdc9c90700"), new byte[3], "");
        for (var i = 0; i < wire.Length; i++)
        {
            inflater.Give(wire.AsMemory(i, 1), i == wire.Length - 1);
            while (inflater.Read(room) is > 0 and var count)
            {
                text += Encoding.ASCII.GetString(room, 0, count);
            }
        }

        Assert.That(text, Is.EqualTo("Hello"));
    }

    [Test]
    public void What_was_compressed_is_inflated_again([Values] bool keeps, [Values(CompressionLevel.Fastest, CompressionLevel.SmallestSize)] CompressionLevel level)
    {
        using var deflater = new MessageDeflater(level, keeps);
        using var inflater = new MessageInflater(keeps);
        var random = new Random(1);
        for (var i = 0; i < 50; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(3000)).Select(n => (char)('a' + random.Next(i % 26 + 1))));
            var half = text.Length / 2;
            var parts = deflater.Deflate(Encoding.ASCII.GetBytes(text[..half]), isLast: false).ToArray();
            byte[] all = [.. parts, .. deflater.Deflate(Encoding.ASCII.GetBytes(i % 5 == 0 ? "" : text[half..]), isLast: true)];
            deflater.End();
            Assert.That(Inflate(inflater, all), Is.EqualTo(i % 5 == 0 ? text[..half] : text));
        }
    }

    [Test]
    public void A_kept_context_makes_what_repeats_short()
    {
        using var keeping = new MessageDeflater(CompressionLevel.Fastest, keepsContext: true);
        var text = Encoding.ASCII.GetBytes("a message that is like the one before it");
        var first = keeping.Deflate(text, isLast: true).Length;
        Assert.That(keeping.Deflate(text, isLast: true).Length, Is.LessThan(first / 3));
    }

    [Test]
    public void A_service_takes_and_sends_compressed_messages()
    {
        using var world = new World();
        var peer = world.Opens(static socket => socket, Deflating, Offer);
        Assert.That(peer.Received, Does.Contain("Sec-WebSocket-Extensions: permessage-deflate\r\n"));
        Assert.That(peer.Sends(Frame(1, Convert.FromHexString("f248cdc9c90700"), rsv: 4)).Sends(Text("plain")).Sends(Text("")).Frames(), Does.Match("^~text:.* ~text:.* text:$"));
    }

    [TestCase("c1", false)]
    [TestCase("80", true)]
    public void A_compressed_message_may_be_fragmented_but_says_so_once(string second, bool isRefused)
    {
        using var world = new World();
        var peer = world.Opens(static socket => socket, Deflating, Offer);
        var hello = Convert.FromHexString("f248cdc9c90700");
        peer.Sends((byte[])[.. Frame(1, hello[..3], fin: false, rsv: 4), .. Frame(9, "p"), .. Frame(0, hello[3..], rsv: isRefused ? 4 : 0)]);
        Assert.That(peer.Frames(), isRefused ? Is.EqualTo("pong:p close:1002 |") : Does.Match("^pong:p ~text:"), second);
    }

    [Test]
    public void What_does_not_inflate_is_refused()
    {
        using var world = new World();
        Assert.That(world.Opens(static socket => socket, Deflating, Offer).Sends(Frame(1, [0xff, 0xff, 0xff, 0xff], rsv: 4)).Frames(), Is.EqualTo("close:1007 |"));
    }

    [Test]
    public void Nothing_is_compressed_that_was_not_agreed_on()
    {
        using var world = new World();
        Assert.That(world.Opens(static socket => socket, Deflating).Sends(Frame(1, Convert.FromHexString("f248cdc9c90700"), rsv: 4)).Frames(), Is.EqualTo("close:1002 |"));
    }

    // A gibibyte of zeros in a mebibyte, and what it costs this side.
    [Test]
    public void A_bomb_is_refused_at_the_limit_and_memory_is_flat()
    {
        using var world = new World(traceLimit: 10);
        var peer = world.Opens(static socket => socket, Deflating with { MaxMessage = 1 << 20 }, Offer);
        var bomb = Bomb(1 << 30);
        var before = GC.GetAllocatedBytesForCurrentThread();
        peer.Sends(Frame(2, bomb, rsv: 4));
        Assert.That(peer.Frames(), Is.EqualTo("close:1009 |"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(40 << 20));
    }

    [Test]
    public void A_bomb_that_is_read_in_parts_is_inflated_as_its_reader_takes_it()
    {
        using var world = new World(traceLimit: 10);
        var (read, hold) = (0L, (IDisposable?)null);
        var peer = world.Opens(
            socket =>
            {
                socket.Parts.Subscribe(part =>
                {
                    read += part.Bytes.Length;
                    hold = read >= 100_000 && hold is null ? socket.Pause() : hold;
                });
                return Observable.Never<WebSocketMessage>();
            },
            Deflating,
            Offer);
        peer.Sends(Frame(2, Bomb(50_000_000), rsv: 4));
        Assert.That(read, Is.InRange(100_000, 120_000));
        world.Do(hold!.Dispose);
        Assert.That((read, peer.Sends(Frame(9, "p")).Frames()), Is.EqualTo((50_000_000L, "pong:p")));
    }

    private static byte[] Bomb(int size)
    {
        var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var zeros = new byte[1 << 20];
            for (var left = size; left > 0; left -= zeros.Length)
            {
                deflate.Write(zeros.AsSpan(0, Math.Min(left, zeros.Length)));
            }

            deflate.Flush();
        }

        return packed.ToArray()[..^6];
    }

    private static string Inflate(MessageInflater inflater, byte[] wire)
    {
        var (room, text) = (new byte[1000], new StringBuilder());
        inflater.Give(wire, isLast: true);
        while (inflater.Read(room) is > 0 and var count)
        {
            text.Append(Encoding.ASCII.GetString(room, 0, count));
        }

        inflater.End();
        return text.ToString();
    }
}
