using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>Headers of the PROXY protocol as bytes and as values, in both directions.</summary>
public class ProxyProtocolCodecTests
{
    private const string Head = "0D0A0D0A000D0A515549540A";
    private const string IPv4 = Head + "2111000CC0000201C0000202DC0401BB";
    private const string IPv6 = Head + "21210024" + "20010DB8000000000000000000000001" + "20010DB8000000000000000000000002" + "DC0401BB";
    private const string Unknown = Head + "21000000";
    private const string Local = Head + "20000000";

    private static readonly Framing<ProxyHeader> Headers = ProxyProtocol.Headers();

    private static readonly IEnumerable<TestCaseData> Valid =
    [
        Case(Line("PROXY TCP4 192.0.2.1 192.0.2.2 56324 443"), "1 192.0.2.1:56324 > 192.0.2.2:443"),
        Case(Line("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535"), "1 255.255.255.255:65535 > 255.255.255.255:65535"),
        Case(Line("PROXY TCP4 0.0.0.0 0.0.0.0 0 0"), "1 0.0.0.0:0 > 0.0.0.0:0"),
        Case(Line("PROXY TCP6 2001:db8::1 ::2 56324 443"), "1 [2001:db8::1]:56324 > [::2]:443"),
        Case(Line("PROXY UNKNOWN"), "1 nobody"),
        Case(Line("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535"), "1 nobody"),
        Case(IPv4, "2 192.0.2.1:56324 > 192.0.2.2:443"),
        Case(IPv6, "2 [2001:db8::1]:56324 > [2001:db8::2]:443"),
        Case(Unknown, "2 nobody"),
        Case(Head + "21000005" + "0102030405", "2 nobody"),
        Case(Head + "2110000C" + "C0000201C0000202DC0401BB", "2 nobody"),
        Case(Head + "2112000C" + "C0000201C0000202DC0401BB", "2 192.0.2.1:56324 > 192.0.2.2:443 by datagrams"),
        Case(Head + "213100D8" + Path("/run/a.sock") + Path("\0name"), "2 /run/a.sock > @name"),
        Case(Head + "213100D8" + Path("") + Path(new string('x', 107)), $"2  > {new string('x', 107)}"),
        Case(Local, "2 itself"),
        Case(Head + "20FF0003" + "010203", "2 itself"),
        Case(Head + "21110015" + IPv4[^24..] + "0100026832" + "04000100", "2 192.0.2.1:56324 > 192.0.2.2:443 01=6832"),
    ];

    private static readonly string[] Invalid =
    [
        "GET / HTTP/1.1\r\n", "PROXY TCP4 192.0.2.1 192.0.2.2 56324\r\n", "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443 1\r\n",
        "PROXY  TCP4 192.0.2.1 192.0.2.2 56324 443\r\n", "PROXY TCP4  192.0.2.1 192.0.2.2 56324 443\r\n", "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443 \r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 56324 65536\r\n", "PROXY TCP4 192.0.2.1 192.0.2.2 056324 443\r\n", "PROXY TCP4 192.0.2.1 192.0.2.2 -1 443\r\n",
        "PROXY TCP4 192.0.2.01 192.0.2.2 56324 443\r\n", "PROXY TCP4 192.0.513 192.0.2.2 56324 443\r\n", "PROXY TCP4 2001:db8::1 ::2 56324 443\r\n",
        "PROXY TCP6 192.0.2.1 192.0.2.2 56324 443\r\n", "PROXY TCP6 [::1] ::2 56324 443\r\n", "PROXY TCP6 ::1%2 ::2 56324 443\r\n", "PROXY TCP5 1 2 3 4\r\n",
        "PROXY tcp4 192.0.2.1 192.0.2.2 56324 443\r\n", "proxy TCP4 192.0.2.1 192.0.2.2 56324 443\r\n", "PROXY \r\n", "PROXY\tTCP4", "PROXY TCP4 host host 1 2\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\n\r\n",
    ];

    private static readonly string[] InvalidBlocks =
    [
        Head + "11110000", Head + "22110000", Head + "2F110000", Head + "01110000", Head + "2141000C" + IPv4[^24..], Head + "2113000C" + IPv4[^24..],
        Head + "2111000B" + IPv4[^24..^2], Head + "21210023" + IPv6[^72..^2], Head + "213100D7" + Path("a") + Path("b")[..^2],
        Block("01"), Block("0100"), Block("010002AA"), Block("01FFFF"), Block("0300026832"), Block("03000400000000"), Block("050081" + new string('0', 2 * 0x81)),
        Block("20000401000000"), Block("200008" + "0100000000" + "210005"), Block("010000"), Block("010100" + new string('0', 512)),
        "0D0A0D0A000D0A515549540B", "0D0A0D0B",
    ];

    [TestCaseSource(nameof(Valid))]
    public void A_header_is_what_its_bytes_say(string wire, string header) => Assert.That(Text(Decode(wire)!), Is.EqualTo(header));

    [TestCaseSource(nameof(Valid))]
    public void However_it_is_cut_and_no_byte_behind_it_is_taken(string wire, string header)
    {
        var bytes = Convert.FromHexString(wire);
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            var decoder = Headers.CreateDecoder();
            Assert.That(decoder.TryDecode(bytes.AsMemory(0, cut), out _, out var early), Is.False);
            Assert.That((early, decoder.Missing(cut)), Is.EqualTo((0, 0)).Or.Matches<(int, int Missing)>(it => it.Missing <= bytes.Length - cut));
            Assert.That(decoder.TryDecode((byte[])[.. bytes, .. "more"u8], out var found, out var consumed), Is.True);
            Assert.That((Text(found), consumed), Is.EqualTo((header, bytes.Length)));
        }
    }

    [TestCaseSource(nameof(Invalid))]
    public void A_line_that_is_none_is_refused(string line) => Assert.That(() => Decode(Hex(line)), Throws.InstanceOf<ProtocolException>());

    [TestCaseSource(nameof(InvalidBlocks))]
    public void A_block_that_is_none_is_refused(string wire) => Assert.That(() => Decode(wire), Throws.InstanceOf<ProtocolException>());

    [Test]
    public void What_cannot_become_a_header_is_refused_at_its_first_wrong_byte()
    {
        foreach (var good in new[] { "PROXY "u8.ToArray(), Convert.FromHexString(Head) })
        {
            for (var at = 0; at < good.Length; at++)
            {
                byte[] bytes = [.. good[..at], (byte)(good[at] ^ 0x80)];
                Assert.That(() => Headers.CreateDecoder().TryDecode(bytes, out _, out _), Throws.InstanceOf<ProtocolException>(), $"at {at}");
            }
        }
    }

    [Test]
    public void A_line_that_does_not_end_is_refused_after_107_bytes()
    {
        var bytes = Encoding.ASCII.GetBytes("PROXY UNKNOWN " + new string('x', 200));
        Assert.That(Headers.CreateDecoder().TryDecode(bytes.AsMemory(0, 106), out _, out _), Is.False);
        Assert.That(() => Headers.CreateDecoder().TryDecode(bytes.AsMemory(0, 107), out _, out _), Throws.InstanceOf<FrameTooLongException>());
    }

    [TestCase(16 + 12, false)]
    [TestCase(16 + 11, true)]
    public void A_block_that_is_too_long_is_refused_as_soon_as_it_says_so(int maxLength, bool refused)
    {
        var decoder = ProxyProtocol.Headers(maxLength).CreateDecoder();
        var head = Convert.FromHexString(IPv4)[..16];
        Assert.That(() => decoder.TryDecode(head, out _, out _), refused ? Throws.InstanceOf<FrameTooLongException>() : Throws.Nothing);
    }

    [Test]
    public void The_longest_block_is_held_back_by_default() =>
        Assert.That(() => Decode(Head + "2111FFFF"), Throws.InstanceOf<FrameTooLongException>().With.Property("Limit").EqualTo(4096));

    [Test]
    public void A_checksum_is_checked_over_the_whole_header()
    {
        byte[] bytes = [.. Convert.FromHexString(Block("0100026832" + "03000400000000"))];
        var sum = Crc32C(bytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(bytes.Length - 4), sum);
        var header = Decode(Convert.ToHexString(bytes))!;
        Assert.That((header.HasChecksum, Text(header)), Is.EqualTo((true, "2 192.0.2.1:56324 > 192.0.2.2:443 01=6832")));
        const int OwnType = 16 + 12 + 5;
        foreach (var at in Enumerable.Range(16, bytes.Length - 16).Except([OwnType]))
        {
            byte[] changed = [.. bytes];
            changed[at] ^= 1;
            Assert.That(() => Decode(Convert.ToHexString(changed)), Throws.InstanceOf<ProtocolException>(), $"byte {at}");
        }
    }

    [Test]
    public void What_is_said_beside_the_addresses_is_kept()
    {
        var tls = "07" + "00000000" + Tlv("21", "TLSv1.3") + Tlv("22", "client") + Tlv("23", "AES") + Tlv("24", "SHA256") + Tlv("25", "RSA2048");
        var header = Decode(Block(
            Tlv("01", "h2") + Tlv("02", "example.com") + Tlv("05", "id") + "20" + $"{tls.Length / 2:X4}" + tls + Tlv("30", "blue") + Tlv("E7", "ours")))!;
        Assert.That(header.ApplicationProtocol.ToString(), Is.EqualTo("h2"));
        Assert.That((header.Authority, header.UniqueId!.Value.ToText(), header.NetworkNamespace), Is.EqualTo(("example.com", "id", "blue")));
        Assert.That(header.Tls, Is.EqualTo(new ProxyTls(true, true, true)
        {
            Version = "TLSv1.3", CommonName = "client", Cipher = "AES", SignatureAlgorithm = "SHA256", KeyAlgorithm = "RSA2048",
        }));
        Assert.That(header.Tlvs.Select(tlv => tlv.Type), Is.EqualTo(new byte[] { 1, 2, 5, 0x20, 0x30, 0xE7 }));
        Assert.That(header.Tlvs[^1].Value.ToText(), Is.EqualTo("ours"));
    }

    [TestCase("0000000000", false, false, false)]
    [TestCase("0100000000", true, false, false)]
    [TestCase("0300000000", true, true, true)]
    [TestCase("0500000001", true, true, false)]
    public void A_certificate_is_verified_when_the_proxy_says_so(string value, bool isTls, bool hasCertificate, bool isVerified) =>
        Assert.That(Decode(Block("200005" + value))!.Tls, Is.EqualTo(new ProxyTls(isTls, hasCertificate, isVerified)));

    [TestCaseSource(nameof(Encodings))]
    public void A_header_is_encoded_to_what_it_is_decoded_from(ProxyHeader header)
    {
        var bytes = ProxyProtocol.Headers().Encode(header);
        var again = Decode(Convert.ToHexString(bytes.Span))!;
        Assert.That((Text(again), again.HasChecksum), Is.EqualTo((Text(header), header.HasChecksum)));
    }

    [TestCaseSource(nameof(Refused))]
    public void What_a_header_cannot_say_is_refused(ProxyHeader header) =>
        Assert.That(() => ProxyProtocol.Headers().Encode(header), Throws.ArgumentException);

    [Test]
    public void Random_bytes_are_a_header_or_no_header()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Convert.FromHexString(i % 2 == 0 ? Head + "2111" : Head + "21");
            byte[] all = [.. bytes, .. Enumerable.Range(0, random.Next(60)).Select(_ => (byte)(random.Next(3) == 0 ? random.Next(256) : random.Next(4)))];
            try
            {
                Headers.CreateDecoder().TryDecode(all, out _, out _);
            }
            catch (ProtocolException)
            {
            }
        }
    }

    private static IEnumerable<ProxyHeader> Encodings()
    {
        var (ip, other) = (new IPEndPoint(IPAddress.Parse("192.0.2.1"), 56324), new IPEndPoint(IPAddress.Parse("192.0.2.2"), 443));
        var (ip6, mapped) = (new IPEndPoint(IPAddress.Parse("2001:db8::1"), 1), new IPEndPoint(IPAddress.Parse("::ffff:192.0.2.1"), 56324));
        yield return ProxyHeader.Local;
        yield return new ProxyHeader();
        yield return new ProxyHeader { Version = 1 };
        yield return ProxyHeader.Of(ip, other);
        yield return ProxyHeader.Of(ip, other) with { Version = 1 };
        yield return ProxyHeader.Of(ip6, ip6) with { Version = 1 };
        yield return ProxyHeader.Of(ip6, ip6) with { IsDatagram = true };
        yield return ProxyHeader.Of(new UnixDomainSocketEndPoint("/run/a"), new UnixDomainSocketEndPoint("\0b")) with { HasChecksum = true };
        yield return ProxyHeader.Of(ip, other) with { HasChecksum = true, Tlvs = [new(2, "example.com".ToBytes()), new(0xE0, default)] };
        Assert.That(Text(Decode(Convert.ToHexString(ProxyProtocol.Headers().Encode(ProxyHeader.Of(ip, ip6)).Span))!), Does.StartWith("2 [::ffff:192.0.2.1]:56324 > "));
        Assert.That(Convert.ToHexString(ProxyProtocol.Headers().Encode(ProxyHeader.Of(ip, other)).Span), Is.EqualTo(IPv4));
        Assert.That(ProxyProtocol.Headers().Encode(ProxyHeader.Of(mapped, mapped) with { Version = 1 }).ToText(), Is.EqualTo("PROXY TCP4 192.0.2.1 192.0.2.1 56324 56324\r\n"));
    }

    private static IEnumerable<ProxyHeader> Refused()
    {
        var ip = new IPEndPoint(IPAddress.Loopback, 1);
        yield return ProxyHeader.Of(ip, ip) with { Version = 3 };
        yield return ProxyHeader.Of(ip, new DnsEndPoint("host", 1));
        yield return ProxyHeader.Of(ip, new UnixDomainSocketEndPoint("/a"));
        yield return new ProxyHeader { Source = ip };
        yield return ProxyHeader.Local with { Version = 1 };
        yield return ProxyHeader.Local with { HasChecksum = true };
        yield return ProxyHeader.Local with { Source = ip, Destination = ip };
        yield return new ProxyHeader { IsDatagram = true };
        yield return ProxyHeader.Of(ip, ip) with { Version = 1, HasChecksum = true };
        yield return ProxyHeader.Of(ip, ip) with { Version = 1, Tlvs = [new(1, default)] };
        yield return ProxyHeader.Of(ip, ip) with { Tlvs = [new(3, new byte[4])] };
        yield return ProxyHeader.Of(ip, ip) with { Tlvs = [new(4, new byte[4])] };
        yield return ProxyHeader.Of(ip, ip) with { Tlvs = [new(5, new byte[129])] };
        yield return ProxyHeader.Of(ip, ip) with { Tlvs = [new(0xE0, new byte[4096])] };
        yield return ProxyHeader.Of(ip, ip) with { Tlvs = [new(0xE0, new byte[70_000])] };
    }

    private static ProxyHeader? Decode(string wire) =>
        Headers.CreateDecoder().TryDecode(Convert.FromHexString(wire), out var header, out _) ? header : null;

    private static string Text(ProxyHeader header) => $"{header.Version} " + (header.IsLocal ? "itself" : header.Source is null ? "nobody" : $"{header.Source} > {header.Destination}")
        + (header.IsDatagram ? " by datagrams" : "") + string.Concat(header.Tlvs.Select(tlv => $" {tlv.Type:x2}={Convert.ToHexString(tlv.Value.Span)}"));

    private static TestCaseData Case(string wire, string header) => new TestCaseData(wire, header).SetArgDisplayNames(wire.Length > 120 ? wire[..120] : wire, "");

    private static string Line(string text) => Hex(text + "\r\n");

    private static string Hex(string text) => Convert.ToHexString(Encoding.Latin1.GetBytes(text));

    private static string Path(string text) => Hex(text).PadRight(216, '0');

    private static string Tlv(string type, string text) => type + $"{text.Length:X4}" + Hex(text);

    private static string Block(string tlvs) => Head + "2111" + $"{12 + (tlvs.Length / 2):X4}" + IPv4[^24..] + tlvs;

    // Bit by bit, as the polynomial is written: 0x1EDC6F41, reflected.
    private static uint Crc32C(byte[] bytes)
    {
        var sum = uint.MaxValue;
        foreach (var one in bytes)
        {
            sum ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) == 0 ? sum >> 1 : (sum >> 1) ^ 0x82F63B78;
            }
        }

        return ~sum;
    }
}
