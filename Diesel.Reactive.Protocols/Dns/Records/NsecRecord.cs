using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>The next name of a zone and the types of this one, as a proof of what there is not (RFC 4034, section 4).</summary>
public sealed class NsecRecord : DnsRecord
{
    /// <summary>Makes one.</summary>
    /// <param name="name">A name of the zone.</param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="next">The next one.</param>
    /// <param name="types">What this one has.</param>
    public NsecRecord(DnsName name, TimeSpan timeToLive, DnsName next, params IReadOnlyList<DnsType> types)
        : base(name, DnsType.NSEC, timeToLive)
    {
        ArgumentNullException.ThrowIfNull(types);
        (Next, Types) = (next, [.. types]);
    }

    private NsecRecord(DnsOwner owner, DnsName next, DnsType[] types)
        : base(owner) => (Next, Types) = (next, types);

    /// <summary>The next name of the zone.</summary>
    public DnsName Next { get; }

    /// <summary>What this name has.</summary>
    public IReadOnlyList<DnsType> Types { get; }

    internal static NsecRecord Read(DnsOwner owner, ref DnsReader data) => new(owner, data.Name(), DnsTypeBitmap.Read(ref data));

    internal static NsecRecord Parse(DnsOwner owner, DnsTokens data) => new(owner, data.Name(), DnsTypeBitmap.Parse(data));

    internal override void WriteData(DnsWriter writer)
    {
        writer.Name(Next);
        DnsTypeBitmap.Write(writer, Types);
    }

    internal override StringBuilder PrintData(StringBuilder text) => DnsTypeBitmap.Print(text.Append(Next.ToString()), Types);
}
