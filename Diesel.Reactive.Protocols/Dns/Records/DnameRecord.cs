using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Another name for all that is below a name (RFC 6672).</summary>
public sealed class DnameRecord : DnsRecord
{
    /// <summary>Makes one.</summary>
    /// <param name="name">Whose record.</param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="target">What stands for the name at the end of those below it.</param>
    public DnameRecord(DnsName name, TimeSpan timeToLive, DnsName target)
        : base(name, DnsType.DNAME, timeToLive) => Target = target;

    private DnameRecord(DnsOwner owner, DnsName target)
        : base(owner) => Target = target;

    /// <summary>What stands for the name at the end of those below it.</summary>
    public DnsName Target { get; }

    internal static DnameRecord Read(DnsOwner owner, ref DnsReader data) => new(owner, data.Name());

    internal static DnameRecord Parse(DnsOwner owner, DnsTokens data) => new(owner, data.Name());

    internal override void WriteData(DnsWriter writer) => writer.Name(Target);

    internal override StringBuilder PrintData(StringBuilder text) => text.Append(Target.ToString());
}
