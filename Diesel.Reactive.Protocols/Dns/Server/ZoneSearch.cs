namespace Diesel.Reactive.Protocols.Dns;

/// <summary>One question to a zone: RFC 1034, section 4.3.2, with RFC 4592 (wildcards) and RFC 6672 (DNAME).</summary>
internal sealed class ZoneSearch(DnsZone zone, DnsQuestion question)
{
    private readonly List<DnsRecord> _answers = [];
    private readonly List<DnsRecord> _additionals = [];
    private DnsName _name = question.Name;

    public DnsMessage Run()
    {
        // As many other names as resolvers follow.
        for (var links = 0; links <= 16; links++)
        {
            if (Step() is { } reply)
            {
                return reply with { IsResponse = true, Answers = _answers, Additionals = _additionals };
            }

            if (!_name.IsWithin(zone.Name))
            {
                break;
            }
        }

        return Authoritative(DnsResponseCode.NoError) with { IsResponse = true, Answers = _answers };
    }

    private static DnsMessage Authoritative(DnsResponseCode code) => new() { IsAuthoritative = true, ResponseCode = code };

    // Null: another name is to be asked for.
    private DnsMessage? Step()
    {
        var isThere = zone.TryFind(_name, out var node);
        var closest = node ?? Closest();
        if (closest.Cut is { } cut && !(cut.Name == _name && question.Type == DnsType.DS))
        {
            return Referral(cut);
        }

        var renamed = isThere ? closest.Renamed : closest.Find(DnsType.DNAME) is not null ? closest : closest.Renamed;
        if (renamed is not null)
        {
            return Rename(renamed);
        }

        if (isThere)
        {
            return Found(closest);
        }

        return zone.TryFind(Wildcard(closest.Name), out var wildcard) ? Found(wildcard) : Negative(DnsResponseCode.NameError);
    }

    private ZoneNode Closest()
    {
        var name = _name.Parent;
        ZoneNode? node;
        while (!zone.TryFind(name, out node))
        {
            name = name.Parent;
        }

        return node;
    }

    private static DnsName Wildcard(DnsName closest) => DnsName.TryJoin([1, (byte)'*'], closest, out var name) ? name : closest;

    private DnsMessage? Found(ZoneNode node)
    {
        if (question.Type == DnsType.ANY && node.Sets.Count > 0)
        {
            Take(node.Sets[0]);
            return Authoritative(DnsResponseCode.NoError);
        }

        if (node.Find(question.Type) is { } set)
        {
            Take(set);
            Glue(set);
            return Authoritative(DnsResponseCode.NoError);
        }

        if (node.Find(DnsType.CNAME) is { } alias)
        {
            Take(alias);
            _name = ((CnameRecord)alias[0]).Target;
            return null;
        }

        return Negative(DnsResponseCode.NoError);
    }

    // Of a wildcard, as if it stood there.
    private void Take(IReadOnlyList<DnsRecord> set)
    {
        foreach (var record in set)
        {
            _answers.Add(record.Name.IsWildcard && !_name.IsWildcard ? record.With(name: _name) : record);
        }
    }

    private DnsMessage? Rename(ZoneNode node)
    {
        var dname = (DnameRecord)node.Find(DnsType.DNAME)![0];
        _answers.Add(dname);
        if (!DnsName.TryJoin(_name.Before(dname.Name), dname.Target, out var target))
        {
            return Authoritative(DnsResponseCode.NameExists);
        }

        // For who does not know DNAME.
        var alias = new CnameRecord(_name, dname.TimeToLive, target);
        _answers.Add(alias);
        _name = target;
        return question.Type == DnsType.CNAME ? Authoritative(DnsResponseCode.NoError) : null;
    }

    private DnsMessage Referral(ZoneNode cut)
    {
        var servers = cut.Find(DnsType.NS)!;
        Glue(servers);
        return new DnsMessage { IsAuthoritative = _answers.Count > 0, Authorities = servers };
    }

    private DnsMessage Negative(DnsResponseCode code) => Authoritative(code) with { Authorities = [zone.Negative] };

    // The addresses of what was named.
    private void Glue(IReadOnlyList<DnsRecord> records)
    {
        foreach (var record in records)
        {
            var host = record switch { NsRecord ns => ns.Server, MxRecord mx => mx.Exchange, SrvRecord srv => srv.Target, _ => DnsName.Root };
            if (!host.IsRoot && zone.TryFind(host, out var node))
            {
                _additionals.AddRange(node.Find(DnsType.A) ?? []);
                _additionals.AddRange(node.Find(DnsType.AAAA) ?? []);
            }
        }
    }
}
