using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A URI of a service (RFC 7553).</summary>
public sealed class UriRecord : DnsRecord
{
    private readonly byte[] _target;

    /// <summary>Makes one.</summary>
    /// <param name="name">The service.</param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="priority">The least is tried first.</param>
    /// <param name="weight">Its share among those of one priority.</param>
    /// <param name="target">The URI.</param>
    /// <exception cref="ArgumentException">The URI is empty.</exception>
    public UriRecord(DnsName name, TimeSpan timeToLive, ushort priority, ushort weight, string target)
        : base(name, DnsType.URI, timeToLive)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        (Priority, Weight, _target) = (priority, weight, Encoding.UTF8.GetBytes(target));
    }

    private UriRecord(DnsOwner owner, ushort priority, ushort weight, byte[] target)
        : base(owner) => (Priority, Weight, _target) = (priority, weight, target);

    /// <summary>The least is tried first.</summary>
    public ushort Priority { get; }

    /// <summary>Its share among those of one priority.</summary>
    public ushort Weight { get; }

    /// <summary>The URI.</summary>
    public string Target => Encoding.UTF8.GetString(_target);

    internal static UriRecord Read(DnsOwner owner, ref DnsReader data) => new(owner, data.U16(), data.U16(), data.Rest());

    internal static UriRecord Parse(DnsOwner owner, DnsTokens data) => new(owner, data.U16(), data.U16(), DnsText.Bytes(data.Word()));

    internal override void WriteData(DnsWriter writer)
    {
        writer.U16(Priority);
        writer.U16(Weight);
        writer.Bytes(_target);
    }

    internal override StringBuilder PrintData(StringBuilder text) => text.Append(Priority, ' ').Append(Weight, ' ').Quoted(_target);
}
