using System.Diagnostics.CodeAnalysis;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A domain name: labels of bytes, from the leaf to the root. Always absolute.</summary>
/// <remarks>Names are equal when they differ in the case of ASCII letters only (RFC 4343), and keep the case they were given. The default value
/// is the root. Order: the canonical one of RFC 4034, section 6.1.</remarks>
public readonly struct DnsName : IEquatable<DnsName>, IComparable<DnsName>
{
    /// <summary>Bytes of the longest name, as it goes over the wire (RFC 1035, section 3.1).</summary>
    internal const int MaxLength = 255;

    /// <summary>Bytes of the longest label.</summary>
    internal const int MaxLabel = 63;

    private static readonly byte[] RootWire = [0];

    private readonly byte[]? _wire;

    private DnsName(byte[] wire) => _wire = wire;

    /// <summary>The root, <c>.</c></summary>
    public static DnsName Root => default;

    /// <summary>Whether it is the root.</summary>
    public bool IsRoot => Wire.Length == 1;

    /// <summary>How many labels it has; the root has none.</summary>
    public int LabelCount
    {
        get
        {
            var count = 0;
            for (var at = 0; Wire[at] != 0; at += Wire[at] + 1)
            {
                count++;
            }

            return count;
        }
    }

    /// <summary>The name without its first label; of the root, the root.</summary>
    public DnsName Parent => IsRoot ? this : new(Wire[(Wire[0] + 1)..].ToArray());

    /// <summary>Whether it is a wildcard: its first label is <c>*</c> (RFC 4592).</summary>
    public bool IsWildcard => Wire is [1, (byte)'*', ..];

    /// <summary>As it goes over the wire, without compression: lengths and labels, a zero at the end.</summary>
    internal ReadOnlySpan<byte> Wire => _wire ?? RootWire;

    /// <summary>Reads a name as people write it.</summary>
    /// <param name="text">Labels parted by dots; one at the end changes nothing. <c>\.</c> is a dot within a label, <c>\065</c> any byte
    /// (RFC 1035, section 5.1). What is not ASCII is encoded as IDNA has it.</param>
    public static implicit operator DnsName(string text) => Parse(text);

    /// <summary>Whether two names are the same, whatever the case of their letters.</summary>
    public static bool operator ==(DnsName left, DnsName right) => left.Equals(right);

    /// <summary>Whether two names differ in more than the case of their letters.</summary>
    public static bool operator !=(DnsName left, DnsName right) => !left.Equals(right);

    /// <summary>Whether one comes before the other.</summary>
    public static bool operator <(DnsName left, DnsName right) => left.CompareTo(right) < 0;

    /// <summary>Whether one comes before the other, or is the same.</summary>
    public static bool operator <=(DnsName left, DnsName right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one comes behind the other.</summary>
    public static bool operator >(DnsName left, DnsName right) => left.CompareTo(right) > 0;

    /// <summary>Whether one comes behind the other, or is the same.</summary>
    public static bool operator >=(DnsName left, DnsName right) => left.CompareTo(right) >= 0;

    /// <summary>Reads a name as people write it.</summary>
    /// <param name="text">Labels parted by dots; one at the end changes nothing. <c>\.</c> is a dot within a label, <c>\065</c> any byte
    /// (RFC 1035, section 5.1). What is not ASCII is encoded as IDNA has it.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="FormatException">It is empty, a label is empty or longer than 63 bytes, the name longer than 255.</exception>
    public static DnsName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return DnsNameText.TryParse(text, default, out var name, out var wrong) ? name : throw new FormatException($"'{text}' is no domain name: {wrong}.");
    }

    /// <summary>Reads a name as people write it.</summary>
    /// <param name="text">As <see cref="Parse"/> takes it.</param>
    /// <param name="name">The name, or the root.</param>
    /// <returns>False: it is none.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out DnsName name)
    {
        name = default;
        return text is not null && DnsNameText.TryParse(text, default, out name, out _);
    }

    /// <summary>Whether it is the other name, or below it.</summary>
    /// <param name="ancestor">The other one.</param>
    /// <returns>Of the root always true.</returns>
    public bool IsWithin(DnsName ancestor)
    {
        var wire = Wire;
        var other = ancestor.Wire;
        var at = 0;
        while (wire.Length - at > other.Length)
        {
            at += wire[at] + 1;
        }

        return AsciiCase.Equal(wire[at..], other);
    }

    /// <inheritdoc/>
    public bool Equals(DnsName other) => AsciiCase.Equal(Wire, other.Wire);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is DnsName other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => AsciiCase.Hash(Wire);

    /// <summary>Compares from the root to the leaf, label by label (RFC 4034, section 6.1).</summary>
    /// <param name="other">The other one.</param>
    /// <returns>Less than zero: this one comes first.</returns>
    public int CompareTo(DnsName other)
    {
        Span<byte> mine = stackalloc byte[MaxLength / 2 + 1];
        Span<byte> others = stackalloc byte[MaxLength / 2 + 1];
        var (left, right) = (Starts(Wire, mine), Starts(other.Wire, others));
        for (var back = 1; back <= Math.Min(left, right); back++)
        {
            var order = AsciiCase.Compare(LabelAt(Wire, mine[left - back]), LabelAt(other.Wire, others[right - back]));
            if (order != 0)
            {
                return order;
            }
        }

        return left.CompareTo(right);
    }

    /// <summary>As it stands in a master file, with its dot at the end.</summary>
    public override string ToString() => DnsNameText.Print(Wire);

    /// <summary>For people: IDNA is decoded, and there is no dot at the end.</summary>
    public string ToUnicode() => DnsNameText.ToUnicode(this);

    /// <summary>A name of bytes that were looked at.</summary>
    internal static DnsName Of(ReadOnlySpan<byte> wire) => wire.Length == 1 ? default : new(wire.ToArray());

    /// <summary>Other labels before a name's.</summary>
    /// <param name="labels">As on the wire, without the zero.</param>
    /// <param name="suffix">What follows.</param>
    /// <param name="name">The name.</param>
    /// <returns>False: it would be too long.</returns>
    internal static bool TryJoin(ReadOnlySpan<byte> labels, DnsName suffix, out DnsName name)
    {
        name = default;
        if (labels.Length + suffix.Wire.Length > MaxLength)
        {
            return false;
        }

        name = new([.. labels, .. suffix.Wire]);
        return true;
    }

    /// <summary>The labels before those of an ancestor, without the zero.</summary>
    internal ReadOnlySpan<byte> Before(DnsName ancestor) => Wire[..^ancestor.Wire.Length];

    private static ReadOnlySpan<byte> LabelAt(ReadOnlySpan<byte> wire, int at) => wire.Slice(at + 1, wire[at]);

    private static int Starts(ReadOnlySpan<byte> wire, Span<byte> starts)
    {
        var count = 0;
        for (var at = 0; wire[at] != 0; at += wire[at] + 1)
        {
            starts[count++] = (byte)at;
        }

        return count;
    }
}
