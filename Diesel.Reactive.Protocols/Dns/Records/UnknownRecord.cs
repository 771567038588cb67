using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A record of a type that has no class of its own here (RFC 3597).</summary>
public sealed class UnknownRecord : DnsRecord
{
    /// <summary>Makes one.</summary>
    /// <param name="name">Whose record.</param>
    /// <param name="type">Any.</param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="bytes">Its data; at most 65 535 bytes.</param>
    /// <exception cref="ArgumentException">They are more.</exception>
    public UnknownRecord(DnsName name, DnsType type, TimeSpan timeToLive, ReadOnlyMemory<byte> bytes)
        : base(name, type, timeToLive) =>
        Bytes = bytes.Length <= ushort.MaxValue ? bytes : throw new ArgumentException($"{bytes.Length} bytes are too many.", nameof(bytes));

    internal UnknownRecord(DnsOwner owner, byte[] bytes)
        : base(owner) => Bytes = bytes;

    /// <summary>Its data.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    internal override void WriteData(DnsWriter writer) => writer.Bytes(Bytes.Span);

    internal override StringBuilder PrintData(StringBuilder text) =>
        text.Append("\\#").And(Bytes.Length).Append(Bytes.IsEmpty ? "" : " ").Append(Convert.ToHexString(Bytes.Span));
}
