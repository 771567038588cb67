using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

public class DnsRecordTests
{
    // What is written; how it is printed; its data on the wire, as hexadecimal digits; null: not looked at.
    private static readonly (string Written, string Printed, string? Wire)[] Rows =
    [
        ("A 192.0.2.1", "A 192.0.2.1", "c0000201"),
        ("AAAA 2001:DB8:0:0::1", "AAAA 2001:db8::1", "20010db8000000000000000000000001"),
        ("NS ns1.example.", "NS ns1.example.", "036e7331076578616d706c6500"),
        ("CNAME Other.example.", "CNAME Other.example.", "054f74686572076578616d706c6500"),
        ("DNAME other.example.", "DNAME other.example.", null),
        ("PTR host.example.", "PTR host.example.", null),
        ("SOA ns.example. root.example. 2026 1h 15m 1w 1d", "SOA ns.example. root.example. 2026 3600 900 604800 86400", null),
        ("HINFO \"PC\" Linux", "HINFO \"PC\" \"Linux\"", "025043054c696e7578"),
        ("MX 10 mail.example.", "MX 10 mail.example.", "000a046d61696c076578616d706c6500"),
        (@"TXT ""a \""b\"" \\ \000"" second", @"TXT ""a \""b\"" \\ \000"" ""second""", "096120226222205c200006736563" + "6f6e64"),
        ("TXT \"\"", "TXT \"\"", "00"),
        ("LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m", "LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m", null),
        ("LOC 42 21 54 N 71 06 18 W -24m 30m", "LOC 42 21 54.000 N 71 6 18.000 W -24.00m 30m 10000m 10m", null),
        ("SRV 1 2 5060 sip.example.", "SRV 1 2 5060 sip.example.", "0001000213c403736970076578616d706c6500"),
        (@"NAPTR 100 50 ""s"" ""SIP+D2U"" """" _sip._udp.example.", @"NAPTR 100 50 ""s"" ""SIP+D2U"" """" _sip._udp.example.", null),
        (@"NAPTR 100 10 u E2U+sip ""!^.*$!sip:\\1@example!"" .", @"NAPTR 100 10 ""u"" ""E2U+sip"" ""!^.*$!sip:\\1@example!"" .", null),
        ("DS 60485 5 1 2BB183AF5F22588179A53B0A 98631FAD1A292118", "DS 60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118", "ec4505012bb183af5f22588179a53b0a98631fad1a292118"),
        ("SSHFP 2 1 123456789abcdef67890123456789abcdef67890", "SSHFP 2 1 123456789ABCDEF67890123456789ABCDEF67890", null),
        ("RRSIG A 5 3 86400 20030322173103 20030220173103 2642 example. oJB1W6WN", "RRSIG A 5 3 86400 20030322173103 20030220173103 2642 example. oJB1W6WN", null),
        ("NSEC host.example. A MX RRSIG NSEC TYPE1234", "NSEC host.example. A MX RRSIG NSEC TYPE1234",
            "04686f7374076578616d706c6500" + "0006400100000003" + "041b" + new string('0', 52) + "20"),
        ("DNSKEY 256 3 5 AQPSKmyn fzW4kyBv", "DNSKEY 256 3 5 AQPSKmynfzW4kyBv", "0100030501" + "03d22a6ca77f35b893206f"),
        ("NSEC3 1 1 12 aabbccdd 2t7b4g4vsa5smi47k61mv5bv1a22bojr NS SOA", "NSEC3 1 1 12 AABBCCDD 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR NS SOA", null),
        ("NSEC3 1 0 0 - 2t7b4g4vsa5smi47k61mv5bv1a22bojr", "NSEC3 1 0 0 - 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR", null),
        ("TLSA 3 1 1 ab CD 12", "TLSA 3 1 1 ABCD12", "030101abcd12"),
        ("SVCB 0 foo.example.", "SVCB 0 foo.example.", "000003666f6f076578616d706c6500"),
        ("SVCB 16 foo.example. port=53", "SVCB 16 foo.example. port=53", "001003666f6f076578616d706c6500000300020035"),
        ("SVCB 1 foo.example. key667=\"hello\\210qoo\"", "SVCB 1 foo.example. key667=\"hello\\210qoo\"", "000103666f6f076578616d706c6500029b000968656c6c6fd2716f6f"),
        ("SVCB 16 foo.example. (alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1)", "SVCB 16 foo.example. mandatory=alpn,ipv4hint alpn=\"h2,h3-19\" ipv4hint=192.0.2.1",
            "001003666f6f076578616d706c65000000000400010004000100090268320568332d3139" + "00040004c0000201"),
        (@"SVCB 16 foo.example. alpn=""f\\\\oo\\,bar,h2""", @"SVCB 16 foo.example. alpn=""f\\\\oo\\,bar,h2""", "001003666f6f076578616d706c65000001000c08665c6f6f2c626172026832"),
        ("HTTPS 1 . alpn=h2 no-default-alpn port=8443 ech=AEX+DQ== ipv6hint=2001:db8::1", "HTTPS 1 . alpn=\"h2\" no-default-alpn port=8443 ech=AEX+DQ== ipv6hint=2001:db8::1", null),
        ("URI 10 1 \"https://example/\"", "URI 10 1 \"https://example/\"", "000a000168747470733a2f2f6578616d706c652f"),
        ("CAA 128 issue \"ca.example; x=1\"", "CAA 128 issue \"ca.example; x=1\"", "80056973737565" + "63612e6578616d706c653b20783d31"),
        (@"TYPE731 \# 6 abcd ( ef 01 23 45 )", @"TYPE731 \# 6 ABCDEF012345", "abcdef012345"),
        (@"TYPE731 \# 0", @"TYPE731 \# 0", ""),
        (@"A \# 4 0A000001", "A 10.0.0.1", "0a000001"),
    ];

    public static IEnumerable<TestCaseData> Cases => Rows.Select(row => new TestCaseData(row.Written, row.Printed, row.Wire));

    [TestCaseSource(nameof(Cases))]
    public void Is_read_printed_and_written(string written, string printed, string? wire)
    {
        var record = DnsRecord.Parse($"a.example. 300 IN {written}");
        Assert.That(record.ToString().Replace('\t', ' '), Is.EqualTo($"a.example. 300 IN {printed}"));
        if (wire is not null)
        {
            var writer = new DnsWriter();
            record.WriteData(writer);
            Assert.That(Convert.ToHexStringLower(writer.Written), Is.EqualTo(wire));
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Comes_back_from_the_wire(string written, string printed, string? wire)
    {
        var record = DnsRecord.Parse($"a.example. 300 IN {written}");
        var again = DnsCodec.Decode(DnsCodec.Encode(new DnsMessage { Answers = [record, record] }));
        Assert.That(again.Answers, Is.EqualTo(new[] { record, record }));
        Assert.That(DnsRecord.Parse(again.Answers[1].ToString()), Is.EqualTo(record), printed + wire);
    }

    [TestCase("A 192.0.2")]
    [TestCase("A 192.0.2.1 more")]
    [TestCase("AAAA 192.0.2.1")]
    [TestCase("MX mail.example.")]
    [TestCase("MX 65536 mail.example.")]
    [TestCase("TXT")]
    [TestCase("TYPE731 abcd")]
    [TestCase(@"TYPE731 \# 3 abcd")]
    [TestCase(@"A \# 3 abcdef")]
    [TestCase("NONSENSE 1")]
    [TestCase("SVCB 1 . port=1 port=2")]
    [TestCase("SVCB 1 . mandatory=port")]
    [TestCase("SVCB 1 . mandatory=mandatory")]
    [TestCase("SVCB 1 . no-default-alpn")]
    [TestCase("SVCB 1 . ipv4hint=1.2.3")]
    [TestCase("LOC 91 N 0 E 0m")]
    [TestCase("CAA 0 is-sue \"x\"")]
    [TestCase("DS 1 2 3 xyz")]
    [TestCase("TXT \"open")]
    [TestCase("A ( 192.0.2.1")]
    public void Is_refused_when_it_is_none(string written) =>
        Assert.That(() => DnsRecord.Parse($"a.example. 300 IN {written}"), Throws.InstanceOf<FormatException>());

    [Test]
    public void A_time_may_be_as_long_as_32_bits()
    {
        var record = DnsRecord.Parse("a.example. 4294967295 IN A 192.0.2.1");
        Assert.That(DnsCodec.Decode(DnsCodec.Encode(new DnsMessage { Answers = [record] })).Answers[0].TimeToLive.TotalSeconds, Is.EqualTo(4294967295));
    }

    [Test]
    public void Names_are_shortened_where_that_is_allowed_and_nowhere_else()
    {
        var mx = DnsRecord.Parse("example. 1 MX 1 mail.example.");
        var srv = DnsRecord.Parse("example. 1 SRV 1 1 1 mail.example.");
        Assert.That((Length(mx, mx) - Length(mx), Length(srv, srv) - Length(srv)), Is.EqualTo((2 + 10 + 2 + 2, 2 + 10 + 6 + 14)));
    }

    private static int Length(params DnsRecord[] records) => DnsCodec.Encode(new DnsMessage { Answers = records }).Length;
}
