using System.Diagnostics.CodeAnalysis;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A zone: all records of a name and of those below it, with which a server answers for them (RFC 1034, section 4.3.2).</summary>
/// <remarks>Immutable. Wildcards (RFC 4592), other names (CNAME, DNAME) as far as they are in the zone, and delegations with their addresses are answered as other
/// servers do; ANY with one set of records (RFC 8482). Signatures are records like others: there are no proofs.</remarks>
public sealed class DnsZone
{
    private readonly Dictionary<DnsName, ZoneNode> _nodes = [];
    private readonly SoaRecord _negative;

    /// <summary>Makes a zone of its records.</summary>
    /// <param name="records">In any order; one SOA, of the name that all others are, or are below.</param>
    /// <exception cref="ArgumentNullException"><paramref name="records"/> is null.</exception>
    /// <exception cref="FormatException">There is no SOA, or several; a record is of another zone; there is something beside a CNAME.</exception>
    public DnsZone(IEnumerable<DnsRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        DnsRecord[] all = [.. records];
        Soa = all.OfType<SoaRecord>().ToArray() is [var only] ? only : throw new FormatException("A zone has one SOA.");
        Records = all;
        _negative = (SoaRecord)Soa.With(seconds: Math.Min(Soa.Seconds, (uint)Soa.Minimum.TotalSeconds));
        foreach (var record in all)
        {
            Add(record);
        }

        foreach (var (name, node) in _nodes)
        {
            Check(name, node);
        }
    }

    /// <summary>Its name.</summary>
    public DnsName Name => Soa.Name;

    /// <summary>Its beginning.</summary>
    public SoaRecord Soa { get; }

    /// <summary>All of its records.</summary>
    public IReadOnlyList<DnsRecord> Records { get; }

    /// <summary>Reads a zone as people write it: a master file (RFC 1035, section 5).</summary>
    /// <param name="text">Lines, with <c>$ORIGIN</c> and <c>$TTL</c>; <c>$INCLUDE</c> is refused.</param>
    /// <param name="origin">Behind names without a dot at their end, until <c>$ORIGIN</c> says otherwise.</param>
    /// <returns>The zone.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="FormatException">A line is wrong; its number is in the message. Or as of the constructor.</exception>
    public static DnsZone Parse(string text, DnsName origin = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new DnsZone(MasterFile.Read(text, origin));
    }

    /// <summary>Reads a zone from a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="origin">As <see cref="Parse"/> takes it.</param>
    /// <returns>The zone.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">As <see cref="Parse"/>.</exception>
    public static DnsZone Load(string path, DnsName origin = default) => Parse(File.ReadAllText(path), origin);

    /// <summary>Answers a question.</summary>
    /// <param name="question">What is asked.</param>
    /// <returns>The reply, without id and question; refused when it is not of this zone.</returns>
    public DnsMessage Answer(DnsQuestion question)
    {
        if (!question.Name.IsWithin(Name) || question.Class is not (DnsClass.IN or DnsClass.ANY))
        {
            return new DnsMessage { IsResponse = true, ResponseCode = DnsResponseCode.Refused };
        }

        return question.Type is DnsType.AXFR or DnsType.IXFR ? new DnsMessage { IsResponse = true, ResponseCode = DnsResponseCode.Refused }
            : new ZoneSearch(this, question).Run();
    }

    internal SoaRecord Negative => _negative;

    internal bool TryFind(DnsName name, [NotNullWhen(true)] out ZoneNode? node) => _nodes.TryGetValue(name, out node);

    private void Add(DnsRecord record)
    {
        if (!record.Name.IsWithin(Name))
        {
            throw new FormatException($"{record.Name} is not within the zone {Name}.");
        }

        Node(record.Name).Add(record);
    }

    // Names that have no records, but names below them that do, are there as well (RFC 4592, section 2.2.2).
    private ZoneNode Node(DnsName name)
    {
        if (!_nodes.TryGetValue(name, out var node))
        {
            _nodes[name] = node = new ZoneNode(name, name == Name ? null : Node(name.Parent));
        }

        return node;
    }

    private static void Check(DnsName name, ZoneNode node)
    {
        if (node.Find(DnsType.CNAME) is { } alias && (alias.Count > 1 || node.Sets.Any(static set => set[0].Type is not (DnsType.CNAME or DnsType.RRSIG or DnsType.NSEC))))
        {
            throw new FormatException($"{name} has a CNAME and something else: another name for something is all that there is.");
        }

        if (node.Find(DnsType.DNAME) is { Count: > 1 })
        {
            throw new FormatException($"{name} has more than one DNAME.");
        }
    }
}
