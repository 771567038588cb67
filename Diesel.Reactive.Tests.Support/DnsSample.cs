using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>A zone with all there is, for real servers and for ours.</summary>
internal static class DnsSample
{
    private const int Hosts = 400;

    /// <summary>A name and type for each kind of record.</summary>
    public static readonly (string Name, string Type)[] Kinds =
    [
        ("a", "A"), ("a", "AAAA"), ("example.test", "NS"), ("alias", "CNAME"), ("alias", "A"), ("old", "DNAME"), ("x.old", "A"), ("example.test", "SOA"), ("ptr", "PTR"), ("hinfo", "HINFO"),
        ("example.test", "MX"), ("txt", "TXT"), ("long", "TXT"), ("loc", "LOC"), ("_sip._tcp", "SRV"), ("naptr", "NAPTR"), ("ds", "DS"), ("sshfp", "SSHFP"), ("key", "DNSKEY"), ("_443._tcp", "TLSA"),
        ("svcb", "SVCB"), ("https", "HTTPS"), ("uri", "URI"), ("caa", "CAA"), ("unknown", "TYPE65280"), ("any.wild", "A"), ("any.wild", "TXT"), ("none", "A"), ("a", "MX"), ("between", "A"), ("many", "A"), ("up.UPPER", "TXT"),
    ];

    /// <summary>The zone <c>example.test</c>.</summary>
    public static string Zone { get; } = Text();

    public static string Absolute(string name) => name.EndsWith("example.test", StringComparison.Ordinal) ? name + "." : name + ".example.test.";

    private static string Text()
    {
        var text = new StringBuilder("""
            $TTL 1h
            $ORIGIN example.test.
            @ 300 IN SOA ns.example.test. root.example.test. ( 2026 1h ; refresh
                15m 1w 5m )
                NS ns
                MX 20 mail2.other.test.
                MX 10 mail
            ns  A 127.0.0.1
            mail A 192.0.2.25
            a   60 A 192.0.2.1
                60 A 192.0.2.2
                AAAA 2001:db8::1
            alias CNAME a
            old DNAME new
            x.new A 192.0.2.77
            ptr PTR a
            hinfo HINFO "PC" "Linux \"x\""
            txt TXT "one" "two; three" "\000\255\\"
            loc LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m
            _sip._tcp SRV 1 2 5060 a
            naptr NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:info@example.test!" .
            ds NS ns
            ds DS 60485 8 2 D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A
            sshfp SSHFP 4 2 123456789abcdef67890123456789abcdef67890123456789abcdef123456789
            key DNSKEY 256 3 8 AwEAAcFcGsaxxdgiuuGmCkVImy4h99CqT7jwY3pexPGcnUFtR2Fh36BponcwtkZ4cAgtvd4Qs8PkxUdp6p/DlUmObdk=
            _443._tcp TLSA 3 1 1 d2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971
            svcb SVCB 1 a alpn="h2,h3" port=8443 key65400="x\001y"
            svcb SVCB 0 other.test.
            https HTTPS 1 . mandatory=alpn alpn="h2" ipv4hint=192.0.2.1,192.0.2.2 ipv6hint=2001:db8::1 ech=AEX+DQ==
            uri URI 10 1 "https://example.test/path?x=1"
            caa CAA 128 issue "ca.test; policy=ev"
            caa CAA 0 iodef "mailto:root@example.test"
            unknown TYPE65280 \# 6 ABCDEF012345
            *.wild A 192.0.2.99
            *.wild TXT "wild"
            deep.between A 192.0.2.50
            up.UPPER TXT "Case"
            child NS ns.child
            ns.child A 192.0.2.53

            """.Replace("\r", "", StringComparison.Ordinal));
        for (var n = 0; n < Hosts; n++)
        {
            text.Append($"host{n} A 10.1.{n / 250}.{n % 250 + 1}\n");
        }

        for (var n = 0; n < 60; n++)
        {
            text.Append($"many A 10.2.0.{n + 1}\n");
        }

        // 3000 bytes: more than a datagram takes.
        return text.Append("long TXT ").AppendJoin(' ', Enumerable.Repeat($"\"{new string('l', 250)}\"", 12)).Append('\n').ToString();
    }
}
