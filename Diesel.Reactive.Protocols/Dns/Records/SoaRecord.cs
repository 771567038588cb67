using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>The beginning of a zone (RFC 1035, section 3.3.13).</summary>
public sealed class SoaRecord : DnsRecord
{
    /// <summary>Makes one.</summary>
    /// <param name="name">The zone.</param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="server">Where the zone is kept.</param>
    /// <param name="mailbox">Of whoever is responsible; its first label is the part before the @.</param>
    /// <param name="serial">The version.</param>
    /// <param name="refresh">How often other servers look whether it has changed.</param>
    /// <param name="retry">How soon they look again after they failed to.</param>
    /// <param name="expire">How long they may answer without having looked.</param>
    /// <param name="minimum">For how long it may be remembered that there is no record (RFC 2308).</param>
    public SoaRecord(
        DnsName name, TimeSpan timeToLive, DnsName server, DnsName mailbox, uint serial, TimeSpan refresh, TimeSpan retry, TimeSpan expire, TimeSpan minimum)
        : base(name, DnsType.SOA, timeToLive) =>
        (Server, Mailbox, Serial, Refresh, Retry, Expire, Minimum) = (server, mailbox, serial, refresh, retry, expire, minimum);

    private SoaRecord(DnsOwner owner, DnsName server, DnsName mailbox, uint serial, uint refresh, uint retry, uint expire, uint minimum)
        : base(owner) =>
        (Server, Mailbox, Serial, Refresh, Retry, Expire, Minimum) = (server, mailbox, serial, Span(refresh), Span(retry), Span(expire), Span(minimum));

    /// <summary>Where the zone is kept.</summary>
    public DnsName Server { get; }

    /// <summary>Of whoever is responsible; its first label is the part before the @.</summary>
    public DnsName Mailbox { get; }

    /// <summary>The version.</summary>
    public uint Serial { get; }

    /// <summary>How often other servers look whether it has changed.</summary>
    public TimeSpan Refresh { get; }

    /// <summary>How soon they look again after they failed to.</summary>
    public TimeSpan Retry { get; }

    /// <summary>How long they may answer without having looked.</summary>
    public TimeSpan Expire { get; }

    /// <summary>For how long it may be remembered that there is no record (RFC 2308).</summary>
    public TimeSpan Minimum { get; }

    internal static SoaRecord Read(DnsOwner owner, ref DnsReader data) =>
        new(owner, data.Name(), data.Name(), data.U32(), data.U32(), data.U32(), data.U32(), data.U32());

    internal static SoaRecord Parse(DnsOwner owner, DnsTokens data) =>
        new(owner, data.Name(), data.Name(), data.U32(), data.Time(), data.Time(), data.Time(), data.Time());

    internal override void WriteData(DnsWriter writer)
    {
        writer.ShortName(Server);
        writer.ShortName(Mailbox);
        writer.U32(Serial);
        writer.U32(Seconds(Refresh));
        writer.U32(Seconds(Retry));
        writer.U32(Seconds(Expire));
        writer.U32(Seconds(Minimum));
    }

    internal override StringBuilder PrintData(StringBuilder text) => text.Append(Server.ToString()).And(Mailbox.ToString()).And(Serial)
        .And(Seconds(Refresh)).And(Seconds(Retry)).And(Seconds(Expire)).And(Seconds(Minimum));

    private static TimeSpan Span(uint seconds) => TimeSpan.FromSeconds(seconds);

    private static new uint Seconds(TimeSpan time) => (uint)Math.Clamp(time.TotalSeconds, 0, uint.MaxValue);
}
