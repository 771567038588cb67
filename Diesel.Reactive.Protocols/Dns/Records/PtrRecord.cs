using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A name that another one, mostly that of an address, points to (RFC 1035, section 3.3.12).</summary>
public sealed class PtrRecord : DnsRecord
{
    /// <summary>Makes one.</summary>
    /// <param name="name">Whose record.</param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="target">The name.</param>
    public PtrRecord(DnsName name, TimeSpan timeToLive, DnsName target)
        : base(name, DnsType.PTR, timeToLive) => Target = target;

    private PtrRecord(DnsOwner owner, DnsName target)
        : base(owner) => Target = target;

    /// <summary>The name.</summary>
    public DnsName Target { get; }

    internal static PtrRecord Read(DnsOwner owner, ref DnsReader data) => new(owner, data.Name());

    internal static PtrRecord Parse(DnsOwner owner, DnsTokens data) => new(owner, data.Name());

    internal override void WriteData(DnsWriter writer) => writer.ShortName(Target);

    internal override StringBuilder PrintData(StringBuilder text) => text.Append(Target.ToString());
}
