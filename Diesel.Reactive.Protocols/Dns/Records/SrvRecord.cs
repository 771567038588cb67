using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Where a service is (RFC 2782).</summary>
public sealed class SrvRecord : DnsRecord
{
    /// <summary>Makes one.</summary>
    /// <param name="name">The service: <c>_xmpp._tcp.example.</c></param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="priority">The least is tried first.</param>
    /// <param name="weight">Its share among those of one priority.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="target">The host; the root says that there is no such service.</param>
    public SrvRecord(DnsName name, TimeSpan timeToLive, ushort priority, ushort weight, ushort port, DnsName target)
        : base(name, DnsType.SRV, timeToLive) => (Priority, Weight, Port, Target) = (priority, weight, port, target);

    private SrvRecord(DnsOwner owner, ushort priority, ushort weight, ushort port, DnsName target)
        : base(owner) => (Priority, Weight, Port, Target) = (priority, weight, port, target);

    /// <summary>The least is tried first.</summary>
    public ushort Priority { get; }

    /// <summary>Its share among those of one priority.</summary>
    public ushort Weight { get; }

    /// <summary>Where it listens.</summary>
    public ushort Port { get; }

    /// <summary>The host; the root says that there is no such service.</summary>
    public DnsName Target { get; }

    internal static SrvRecord Read(DnsOwner owner, ref DnsReader data) => new(owner, data.U16(), data.U16(), data.U16(), data.Name());

    internal static SrvRecord Parse(DnsOwner owner, DnsTokens data) => new(owner, data.U16(), data.U16(), data.U16(), data.Name());

    internal override void WriteData(DnsWriter writer)
    {
        writer.U16(Priority);
        writer.U16(Weight);
        writer.U16(Port);
        writer.Name(Target);
    }

    internal override StringBuilder PrintData(StringBuilder text) => text.Append(Priority, ' ').Append(Weight, ' ').Append(Port, ' ').Append(Target.ToString());
}
