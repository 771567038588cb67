namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Which class a type has.</summary>
internal static class DnsRecordData
{
    /// <summary>Reads the data of a record, which is all to the reader's end.</summary>
    /// <exception cref="ProtocolException">It is not what its type has.</exception>
    public static DnsRecord Read(DnsOwner owner, ref DnsReader data)
    {
        DnsRecord record = owner.Type switch
        {
            // What an address is in another class is that class's affair.
            DnsType.A when owner.Class == DnsClass.IN => ARecord.Read(owner, ref data),
            DnsType.AAAA when owner.Class == DnsClass.IN => AaaaRecord.Read(owner, ref data),
            DnsType.NS => NsRecord.Read(owner, ref data),
            DnsType.CNAME => CnameRecord.Read(owner, ref data),
            DnsType.DNAME => DnameRecord.Read(owner, ref data),
            DnsType.PTR => PtrRecord.Read(owner, ref data),
            DnsType.SOA => SoaRecord.Read(owner, ref data),
            DnsType.HINFO => HinfoRecord.Read(owner, ref data),
            DnsType.MX => MxRecord.Read(owner, ref data),
            DnsType.TXT => TxtRecord.Read(owner, ref data),
            DnsType.LOC => LocRecord.Read(owner, ref data),
            DnsType.SRV => SrvRecord.Read(owner, ref data),
            DnsType.NAPTR => NaptrRecord.Read(owner, ref data),
            DnsType.DS => DsRecord.Read(owner, ref data),
            DnsType.SSHFP => SshfpRecord.Read(owner, ref data),
            DnsType.RRSIG => RrsigRecord.Read(owner, ref data),
            DnsType.NSEC => NsecRecord.Read(owner, ref data),
            DnsType.DNSKEY => DnskeyRecord.Read(owner, ref data),
            DnsType.NSEC3 => Nsec3Record.Read(owner, ref data),
            DnsType.TLSA => TlsaRecord.Read(owner, ref data),
            DnsType.SVCB or DnsType.HTTPS => SvcbRecord.Read(owner, ref data),
            DnsType.URI => UriRecord.Read(owner, ref data),
            DnsType.CAA => CaaRecord.Read(owner, ref data),
            _ => new UnknownRecord(owner, data.Rest()),
        };
        return data.IsAtEnd ? record : throw new ProtocolException($"The data of a record of type {owner.Type.Print()} is {data.Left} bytes longer than it should be.");
    }

    /// <summary>Reads the data of a record as it stands in a master file.</summary>
    /// <exception cref="FormatException">It is not what its type has.</exception>
    public static DnsRecord Parse(DnsOwner owner, DnsTokens data)
    {
        if (data.Peek == "\\#")
        {
            return Generic(owner, data);
        }

        DnsRecord record = owner.Type switch
        {
            DnsType.A when owner.Class == DnsClass.IN => ARecord.Parse(owner, data),
            DnsType.AAAA when owner.Class == DnsClass.IN => AaaaRecord.Parse(owner, data),
            DnsType.NS => NsRecord.Parse(owner, data),
            DnsType.CNAME => CnameRecord.Parse(owner, data),
            DnsType.DNAME => DnameRecord.Parse(owner, data),
            DnsType.PTR => PtrRecord.Parse(owner, data),
            DnsType.SOA => SoaRecord.Parse(owner, data),
            DnsType.HINFO => HinfoRecord.Parse(owner, data),
            DnsType.MX => MxRecord.Parse(owner, data),
            DnsType.TXT => TxtRecord.Parse(owner, data),
            DnsType.LOC => LocRecord.Parse(owner, data),
            DnsType.SRV => SrvRecord.Parse(owner, data),
            DnsType.NAPTR => NaptrRecord.Parse(owner, data),
            DnsType.DS => DsRecord.Parse(owner, data),
            DnsType.SSHFP => SshfpRecord.Parse(owner, data),
            DnsType.RRSIG => RrsigRecord.Parse(owner, data),
            DnsType.NSEC => NsecRecord.Parse(owner, data),
            DnsType.DNSKEY => DnskeyRecord.Parse(owner, data),
            DnsType.NSEC3 => Nsec3Record.Parse(owner, data),
            DnsType.TLSA => TlsaRecord.Parse(owner, data),
            DnsType.SVCB or DnsType.HTTPS => SvcbRecord.Parse(owner, data),
            DnsType.URI => UriRecord.Parse(owner, data),
            DnsType.CAA => CaaRecord.Parse(owner, data),
            _ => throw new FormatException($"The data of a record of type {owner.Type.Print()} is written as \\# and a length and hexadecimal digits."),
        };
        data.End();
        return record;
    }

    // RFC 3597, section 5: of any type, also of one that is known.
    private static DnsRecord Generic(DnsOwner owner, DnsTokens data)
    {
        data.Next();
        var length = data.U16();
        var bytes = data.Hex();
        if (bytes.Length != length)
        {
            throw new FormatException($"There are {bytes.Length} bytes, not {length}.");
        }

        try
        {
            var reader = new DnsReader(bytes);
            return Read(owner, ref reader);
        }
        catch (ProtocolException error)
        {
            throw new FormatException(error.Message, error);
        }
    }
}
