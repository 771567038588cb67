using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A rule that makes a name or a URI of a string (RFC 3403).</summary>
public sealed class NaptrRecord : DnsRecord
{
    private readonly byte[] _flags;
    private readonly byte[] _services;
    private readonly byte[] _expression;

    /// <summary>Makes one.</summary>
    /// <param name="name">Whose rule.</param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="order">The least comes first.</param>
    /// <param name="preference">Among those of one order, the least is to be preferred.</param>
    /// <param name="flags">What comes next: <c>u</c>, <c>s</c>, <c>a</c>.</param>
    /// <param name="services">For what: <c>E2U+sip</c>.</param>
    /// <param name="expression">How the string is changed; empty where there is a replacement.</param>
    /// <param name="replacement">The next name; the root where there is an expression.</param>
    public NaptrRecord(
        DnsName name, TimeSpan timeToLive, ushort order, ushort preference, string flags, string services, string expression, DnsName replacement)
        : base(name, DnsType.NAPTR, timeToLive)
    {
        (Order, Preference, Replacement) = (order, preference, replacement);
        (_flags, _services, _expression) = (TxtRecord.String(flags), TxtRecord.String(services), TxtRecord.String(expression));
    }

    private NaptrRecord(DnsOwner owner, ushort order, ushort preference, byte[] flags, byte[] services, byte[] expression, DnsName replacement)
        : base(owner) =>
        (Order, Preference, _flags, _services, _expression, Replacement) = (order, preference, flags, services, expression, replacement);

    /// <summary>The least comes first.</summary>
    public ushort Order { get; }

    /// <summary>Among those of one order, the least is to be preferred.</summary>
    public ushort Preference { get; }

    /// <summary>What comes next: <c>u</c>, <c>s</c>, <c>a</c>.</summary>
    public string Flags => Encoding.UTF8.GetString(_flags);

    /// <summary>For what: <c>E2U+sip</c>.</summary>
    public string Services => Encoding.UTF8.GetString(_services);

    /// <summary>How the string is changed; empty where there is a replacement.</summary>
    public string Expression => Encoding.UTF8.GetString(_expression);

    /// <summary>The next name; the root where there is an expression.</summary>
    public DnsName Replacement { get; }

    internal static NaptrRecord Read(DnsOwner owner, ref DnsReader data) =>
        new(owner, data.U16(), data.U16(), data.Text(), data.Text(), data.Text(), data.Name());

    internal static NaptrRecord Parse(DnsOwner owner, DnsTokens data) =>
        new(owner, data.U16(), data.U16(), data.Text(), data.Text(), data.Text(), data.Name());

    internal override void WriteData(DnsWriter writer)
    {
        writer.U16(Order);
        writer.U16(Preference);
        writer.Text(_flags);
        writer.Text(_services);
        writer.Text(_expression);
        writer.Name(Replacement);
    }

    internal override StringBuilder PrintData(StringBuilder text) => text.Append(Order, ' ').Append(Preference, ' ')
        .Quoted(_flags).Append(' ').Quoted(_services).Append(' ').Quoted(_expression).Append(' ').Append(Replacement.ToString());
}
