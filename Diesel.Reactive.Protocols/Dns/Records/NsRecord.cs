using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A server of a zone (RFC 1035, section 3.3.11).</summary>
public sealed class NsRecord : DnsRecord
{
    /// <summary>Makes one.</summary>
    /// <param name="name">Whose record.</param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="server">The server.</param>
    public NsRecord(DnsName name, TimeSpan timeToLive, DnsName server)
        : base(name, DnsType.NS, timeToLive) => Server = server;

    private NsRecord(DnsOwner owner, DnsName server)
        : base(owner) => Server = server;

    /// <summary>The server.</summary>
    public DnsName Server { get; }

    internal static NsRecord Read(DnsOwner owner, ref DnsReader data) => new(owner, data.Name());

    internal static NsRecord Parse(DnsOwner owner, DnsTokens data) => new(owner, data.Name());

    internal override void WriteData(DnsWriter writer) => writer.ShortName(Server);

    internal override StringBuilder PrintData(StringBuilder text) => text.Append(Server.ToString());
}
