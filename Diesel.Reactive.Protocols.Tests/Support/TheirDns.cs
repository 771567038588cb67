extern alias DnsClientNet;

using System.Net;
using Diesel.Reactive.Protocols.Dns;
using Their = DnsClientNet::DnsClient;
using Protocol = DnsClientNet::DnsClient.Protocol;

namespace Diesel.Reactive.Tests;

/// <summary>DnsClient.NET, which reads answers in its own way: what it has found, and what we have, in the same words.</summary>
internal static class TheirDns
{
    /// <summary>What it says of each question.</summary>
    public static async Task<string[]> Ask(int port, IEnumerable<(string Name, string Type)> questions)
    {
        var client = new Their.LookupClient(new Their.LookupClientOptions(new IPEndPoint(IPAddress.Loopback, port))
        {
            UseCache = false,
            ThrowDnsErrors = false,
            ContinueOnDnsError = false,
            Timeout = TimeSpan.FromSeconds(10),
        });
        var told = new List<string>();
        foreach (var (name, type) in questions)
        {
            Assert.That(DnsTypeText.TryParse(type, out var asked));
            var reply = await client.QueryAsync(name, (Their.QueryType)(int)asked);
            var rows = reply.Answers.Select(record => $"{record.DomainName.Value.ToLowerInvariant()} {(int)record.RecordType} {record.InitialTimeToLive} {Data(record)}");
            told.Add(Line(name, type, (int)reply.Header.ResponseCode, rows));
        }

        return [.. told];
    }

    /// <summary>What we say of a reply to a question.</summary>
    public static string Told(string name, string type, DnsReply reply) => Line(name, type, (int)reply.ResponseCode, reply.Answers.Select(record =>
        $"{record.Name.ToString().ToLowerInvariant()} {(int)record.Type} {record.TimeToLive.TotalSeconds} {Data(record)}"));

    private static string Line(string name, string type, int code, IEnumerable<string> rows) => $"{name} {type} {code} {string.Join('|', rows.Order(StringComparer.Ordinal))}";

    // What it does not know is compared by its bytes, and what it prints in another way not at all.
    private static string Data(Protocol.DnsResourceRecord record) => record switch
    {
        Protocol.AddressRecord a => $"{a.Address}",
        Protocol.CNameRecord c => Name(c.CanonicalName),
        Protocol.NsRecord n => Name(n.NSDName),
        Protocol.PtrRecord p => Name(p.PtrDomainName),
        Protocol.MxRecord m => $"{m.Preference} {Name(m.Exchange)}",
        Protocol.TxtRecord t => $"{t.Text.Count}",
        Protocol.SrvRecord s => $"{s.Priority} {s.Weight} {s.Port} {Name(s.Target)}",
        Protocol.SoaRecord s => $"{Name(s.MName)} {Name(s.RName)} {s.Serial} {s.Refresh} {s.Retry} {s.Expire} {s.Minimum}",
        Protocol.CaaRecord c => $"{c.Flags} {c.Tag} {c.Value}",
        Protocol.NAPtrRecord n => $"{n.Order} {n.Preference} {n.Flags} {n.Services} {n.RegularExpression} {Name(n.Replacement)}",
        Protocol.UriRecord u => $"{u.Priority} {u.Weight} {u.Target}",
        Protocol.HInfoRecord h => $"{h.Cpu} {h.OS}",
        Protocol.SshfpRecord s => $"{(int)s.Algorithm} {(int)s.FingerprintType} {s.Fingerprint.ToUpperInvariant()}",
        Protocol.DsRecord d => $"{d.KeyTag} {(int)d.Algorithm} {d.DigestType} {Convert.ToHexString([.. d.Digest])}",
        Protocol.DnsKeyRecord k => $"{k.Flags} {k.Protocol} {(int)k.Algorithm} {Convert.ToHexString([.. k.PublicKey])}",
        Protocol.TlsaRecord t => $"{(int)t.CertificateUsage} {(int)t.Selector} {(int)t.MatchingType} {Convert.ToHexString([.. t.CertificateAssociationData])}",
        Protocol.UnknownRecord u => Convert.ToHexString([.. u.Data]),
        _ => "",
    };

    private static string Data(DnsRecord record) => record switch
    {
        AddressRecord a => $"{a.Address}",
        CnameRecord c => Name(c.Target),
        NsRecord n => Name(n.Server),
        PtrRecord p => Name(p.Target),
        MxRecord m => $"{m.Preference} {Name(m.Exchange)}",
        TxtRecord t => $"{t.Strings.Count}",
        SrvRecord s => $"{s.Priority} {s.Weight} {s.Port} {Name(s.Target)}",
        SoaRecord s => $"{Name(s.Server)} {Name(s.Mailbox)} {s.Serial} {s.Refresh.TotalSeconds} {s.Retry.TotalSeconds} {s.Expire.TotalSeconds} {s.Minimum.TotalSeconds}",
        CaaRecord c => $"{c.Flags} {c.Tag} {c.Value}",
        NaptrRecord n => $"{n.Order} {n.Preference} {n.Flags} {n.Services} {n.Expression} {Name(n.Replacement)}",
        UriRecord u => $"{u.Priority} {u.Weight} {u.Target}",
        HinfoRecord h => $"{h.Cpu} {h.Os}",
        SshfpRecord s => $"{s.Algorithm} {s.FingerprintType} {Convert.ToHexString(s.Fingerprint.Span)}",
        DsRecord d => $"{d.KeyTag} {d.Algorithm} {d.DigestType} {Convert.ToHexString(d.Digest.Span)}",
        DnskeyRecord k => $"{k.Flags} {k.Protocol} {k.Algorithm} {Convert.ToHexString(k.PublicKey.Span)}",
        TlsaRecord t => $"{t.Usage} {t.Selector} {t.MatchingType} {Convert.ToHexString(t.Association.Span)}",
        RrsigRecord or NsecRecord or Nsec3Record => "",
        _ => Convert.ToHexString(record.Wire()),
    };

    private static string Name<T>(T name)
        where T : notnull => name.ToString()!.ToLowerInvariant();
}
