using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Another name for the same (RFC 1035, section 3.3.1).</summary>
public sealed class CnameRecord : DnsRecord
{
    /// <summary>Makes one.</summary>
    /// <param name="name">Whose record.</param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="target">The name that has the records.</param>
    public CnameRecord(DnsName name, TimeSpan timeToLive, DnsName target)
        : base(name, DnsType.CNAME, timeToLive) => Target = target;

    private CnameRecord(DnsOwner owner, DnsName target)
        : base(owner) => Target = target;

    /// <summary>The name that has the records.</summary>
    public DnsName Target { get; }

    internal static CnameRecord Read(DnsOwner owner, ref DnsReader data) => new(owner, data.Name());

    internal static CnameRecord Parse(DnsOwner owner, DnsTokens data) => new(owner, data.Name());

    internal override void WriteData(DnsWriter writer) => writer.ShortName(Target);

    internal override StringBuilder PrintData(StringBuilder text) => text.Append(Target.ToString());
}
