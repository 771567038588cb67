namespace Diesel.Reactive.Protocols.Dns;

/// <summary>What a reply says of the name that was asked for: other names for it, and what the last of them has.</summary>
/// <param name="Links">CNAME records, in order, each one entry.</param>
/// <param name="Final">The records, or that there are none; null: to be asked for, of <paramref name="Next"/>.</param>
/// <param name="Next">The name at the end of the links.</param>
internal sealed record Outcome(IReadOnlyList<CacheEntry> Links, CacheEntry? Final, DnsName Next)
{
    /// <summary>Other names for a name that are followed.</summary>
    public const int MaxLinks = 16;
}

/// <summary>Reads replies: which of their records belong to the question, and for how long they hold (RFC 1034, section 4.3.2; RFC 2181, RFC 2308, RFC 6672,
/// RFC 8767).</summary>
/// <param name="options">Bounds of the times.</param>
/// <param name="now">When the reply came.</param>
internal sealed class ReplyReading(ResolverOptions options, TimeSpan now)
{
    /// <exception cref="DnsException">Names lead in a circle, or on and on.</exception>
    public Outcome Read(DnsReply reply, DnsQuestion question)
    {
        var (name, links) = (question.Name, new List<CacheEntry>());
        while (true)
        {
            var set = Set(reply.Answers, name, question.Type);
            if (set.Count > 0)
            {
                return new(links, Positive(new(name, question.Type), set), name);
            }

            if (question.Type == DnsType.CNAME || Link(reply.Answers, name) is not { } link)
            {
                return new(links, Negative(reply, name, question.Type, links.Count > 0), name);
            }

            links.Add(Positive(new(name, DnsType.CNAME), [link]));
            name = link.Target;
            if (links.Count > Outcome.MaxLinks || links.Exists(each => each.Key.Name == name))
            {
                throw TooMany(question.Name);
            }
        }
    }

    public static DnsException TooMany(DnsName name) =>
        new($"{name} has another name, which has another name, and so on: in a circle, or more than {Outcome.MaxLinks}.", DnsResponseCode.ServerFailure);

    private static List<DnsRecord> Set(IReadOnlyList<DnsRecord> records, DnsName name, DnsType type)
    {
        var set = new List<DnsRecord>();
        foreach (var record in records)
        {
            if ((record.Type == type || type == DnsType.ANY) && record.Name == name)
            {
                set.Add(record);
            }
        }

        return set;
    }

    private static CnameRecord? Link(IReadOnlyList<DnsRecord> records, DnsName name)
    {
        foreach (var record in records)
        {
            if (record is CnameRecord alias && record.Name == name)
            {
                return alias;
            }
        }

        // RFC 6672, section 3.4: servers give the CNAME as well; who does not leaves it to us.
        foreach (var record in records)
        {
            if (record is DnameRecord ancestor && name != ancestor.Name && name.IsWithin(ancestor.Name))
            {
                return DnsName.TryJoin(name.Before(ancestor.Name), ancestor.Target, out var target) ? new CnameRecord(name, ancestor.TimeToLive, target)
                    : throw new DnsException($"The name that {record} makes of {name} is too long.", DnsResponseCode.NameExists);
            }
        }

        return null;
    }

    private CacheEntry Positive(CacheKey key, IReadOnlyList<DnsRecord> records)
    {
        var least = Clamp(records.Min(static record => record.TimeToLive), options.MinTimeToLive, options.MaxTimeToLive);
        return new CacheEntry(key) { Records = records, TimeToLive = least, Expires = now + least };
    }

    // RFC 2308, sections 2 and 5: the SOA says for how long; without one it is not remembered. No SOA and a server of a zone: that one is to be asked, and
    // it says nothing of what there is.
    private CacheEntry? Negative(DnsReply reply, DnsName name, DnsType type, bool isLinked)
    {
        var soa = reply.Authorities.OfType<SoaRecord>().FirstOrDefault(soa => name.IsWithin(soa.Name));
        if (reply.ResponseCode == DnsResponseCode.NoError && soa is null && (isLinked || reply.Authorities.OfType<NsRecord>().Any()))
        {
            return isLinked ? null : throw new DnsException(
                $"{reply.Server} does not know {name} {type.Print()}, and names others that do: it does not ask them for its clients.", DnsResponseCode.ServerFailure);
        }

        var time = soa is null ? TimeSpan.Zero
            : Clamp(soa.TimeToLive < soa.Minimum ? soa.TimeToLive : soa.Minimum, TimeSpan.Zero, options.MaxNegativeTimeToLive);
        var isNoName = reply.ResponseCode == DnsResponseCode.NameError;
        return new CacheEntry(new(name, isNoName ? DnsType.None : type)) { Code = reply.ResponseCode, Soa = soa, TimeToLive = time, Expires = now + time };
    }

    private static TimeSpan Clamp(TimeSpan value, TimeSpan least, TimeSpan most) => value > most ? most : value < least ? least : value;
}
