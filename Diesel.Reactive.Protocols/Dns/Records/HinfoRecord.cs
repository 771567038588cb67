using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A machine's processor and system (RFC 1035, section 3.3.2); also what some servers answer to ANY (RFC 8482).</summary>
public sealed class HinfoRecord : DnsRecord
{
    /// <summary>Makes one.</summary>
    /// <param name="name">Whose record.</param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="cpu">The processor: at most 255 bytes as UTF-8.</param>
    /// <param name="os">The system: at most 255 bytes as UTF-8.</param>
    public HinfoRecord(DnsName name, TimeSpan timeToLive, string cpu, string os)
        : base(name, DnsType.HINFO, timeToLive) => (CpuBytes, OsBytes) = (TxtRecord.String(cpu), TxtRecord.String(os));

    private HinfoRecord(DnsOwner owner, byte[] cpu, byte[] os)
        : base(owner) => (CpuBytes, OsBytes) = (cpu, os);

    /// <summary>The processor.</summary>
    public string Cpu => Encoding.UTF8.GetString(CpuBytes);

    /// <summary>The system.</summary>
    public string Os => Encoding.UTF8.GetString(OsBytes);

    private byte[] CpuBytes { get; }

    private byte[] OsBytes { get; }

    internal static HinfoRecord Read(DnsOwner owner, ref DnsReader data) => new(owner, data.Text(), data.Text());

    internal static HinfoRecord Parse(DnsOwner owner, DnsTokens data) => new(owner, data.Text(), data.Text());

    internal override void WriteData(DnsWriter writer)
    {
        writer.Text(CpuBytes);
        writer.Text(OsBytes);
    }

    internal override StringBuilder PrintData(StringBuilder text) => text.Quoted(CpuBytes).Append(' ').Quoted(OsBytes);
}
