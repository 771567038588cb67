using System.Globalization;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>The class of a record. Nearly all are of <see cref="IN"/>.</summary>
public enum DnsClass : ushort
{
    /// <summary>None that is known.</summary>
    None = 0,

    /// <summary>The Internet.</summary>
    IN = 1,

    /// <summary>Chaos: what servers tell of themselves, as <c>version.bind</c>.</summary>
    CH = 3,

    /// <summary>Hesiod.</summary>
    HS = 4,

    /// <summary>Asks for any.</summary>
    ANY = 255,
}

/// <summary>Classes as text: their names, and <c>CLASS32</c> for those that have none (RFC 3597, section 5).</summary>
internal static class DnsClassText
{
    public static string Print(this DnsClass value) => value is DnsClass.IN or DnsClass.CH or DnsClass.HS or DnsClass.ANY
        ? value.ToString() : string.Create(CultureInfo.InvariantCulture, $"CLASS{(ushort)value}");

    public static bool TryParse(ReadOnlySpan<char> text, out DnsClass value)
    {
        if (text.StartsWith("CLASS", StringComparison.OrdinalIgnoreCase) && ushort.TryParse(text[5..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            value = (DnsClass)number;
            return true;
        }

        value = text.Equals("IN", StringComparison.OrdinalIgnoreCase) ? DnsClass.IN
            : text.Equals("CH", StringComparison.OrdinalIgnoreCase) ? DnsClass.CH
            : text.Equals("HS", StringComparison.OrdinalIgnoreCase) ? DnsClass.HS
            : default;
        return value != default;
    }
}
