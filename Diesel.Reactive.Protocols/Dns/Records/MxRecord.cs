using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Where a domain's mail goes (RFC 1035, section 3.3.9).</summary>
public sealed class MxRecord : DnsRecord
{
    /// <summary>Makes one.</summary>
    /// <param name="name">Whose mail.</param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="preference">The least is tried first.</param>
    /// <param name="exchange">The host; the root says that there is none (RFC 7505).</param>
    public MxRecord(DnsName name, TimeSpan timeToLive, ushort preference, DnsName exchange)
        : base(name, DnsType.MX, timeToLive) => (Preference, Exchange) = (preference, exchange);

    private MxRecord(DnsOwner owner, ushort preference, DnsName exchange)
        : base(owner) => (Preference, Exchange) = (preference, exchange);

    /// <summary>The least is tried first.</summary>
    public ushort Preference { get; }

    /// <summary>The host; the root says that there is none (RFC 7505).</summary>
    public DnsName Exchange { get; }

    internal static MxRecord Read(DnsOwner owner, ref DnsReader data) => new(owner, data.U16(), data.Name());

    internal static MxRecord Parse(DnsOwner owner, DnsTokens data) => new(owner, data.U16(), data.Name());

    internal override void WriteData(DnsWriter writer)
    {
        writer.U16(Preference);
        writer.ShortName(Exchange);
    }

    internal override StringBuilder PrintData(StringBuilder text) => text.Append(Preference, ' ').Append(Exchange.ToString());
}
