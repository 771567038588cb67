using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Where something lies on Earth (RFC 1876).</summary>
public sealed class LocRecord : DnsRecord
{
    private const uint Middle = 1u << 31;
    private const int Second = 1000;
    private const int Degree = 3600 * Second;
    private const int SeaLevel = 10_000_000;

    /// <summary>Makes one.</summary>
    /// <param name="name">What lies there.</param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="latitude">Degrees, positive in the north.</param>
    /// <param name="longitude">Degrees, positive in the east.</param>
    /// <param name="altitude">Metres above the spheroid of WGS 84.</param>
    /// <param name="size">Metres of its diameter.</param>
    /// <param name="horizontal">Metres of how exact that is, along the ground.</param>
    /// <param name="vertical">Metres of how exact that is, upwards.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public LocRecord(
        DnsName name, TimeSpan timeToLive, double latitude, double longitude, double altitude = 0, double size = 1, double horizontal = 10_000, double vertical = 10)
        : base(name, DnsType.LOC, timeToLive)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(latitude), 90);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(longitude), 180);
        (_latitude, _longitude) = ((uint)(Middle + Math.Round(latitude * Degree)), (uint)(Middle + Math.Round(longitude * Degree)));
        _altitude = (uint)Math.Clamp(Math.Round(altitude * 100) + SeaLevel, 0, uint.MaxValue);
        (_size, _horizontal, _vertical) = (Short((long)(size * 100)), Short((long)(horizontal * 100)), Short((long)(vertical * 100)));
    }

    private LocRecord(DnsOwner owner, byte size, byte horizontal, byte vertical, uint latitude, uint longitude, uint altitude)
        : base(owner) =>
        (_size, _horizontal, _vertical, _latitude, _longitude, _altitude) = (size, horizontal, vertical, latitude, longitude, altitude);

    private readonly uint _latitude;
    private readonly uint _longitude;
    private readonly uint _altitude;
    private readonly byte _size;
    private readonly byte _horizontal;
    private readonly byte _vertical;

    /// <summary>Degrees, positive in the north.</summary>
    public double Latitude => ((double)_latitude - Middle) / Degree;

    /// <summary>Degrees, positive in the east.</summary>
    public double Longitude => ((double)_longitude - Middle) / Degree;

    /// <summary>Metres above the spheroid of WGS 84.</summary>
    public double Altitude => ((double)_altitude - SeaLevel) / 100;

    /// <summary>Metres of its diameter.</summary>
    public double Size => Long(_size) / 100.0;

    /// <summary>Metres of how exact the place is, along the ground.</summary>
    public double HorizontalPrecision => Long(_horizontal) / 100.0;

    /// <summary>Metres of how exact the place is, upwards.</summary>
    public double VerticalPrecision => Long(_vertical) / 100.0;

    internal static LocRecord Read(DnsOwner owner, ref DnsReader data)
    {
        var version = data.U8();
        if (version != 0)
        {
            throw new ProtocolException($"A LOC record has the version {version}; there is only 0.");
        }

        return new(owner, Digits(data.U8()), Digits(data.U8()), Digits(data.U8()), data.U32(), data.U32(), data.U32());
    }

    // d1 [m1 [s1]] {"N"|"S"} d2 [m2 [s2]] {"E"|"W"} alt["m"] [siz["m"] [hp["m"] [vp["m"]]]]
    internal static LocRecord Parse(DnsOwner owner, DnsTokens data)
    {
        var (latitude, longitude) = (Angle(data, "N", "S", 90), Angle(data, "E", "W", 180));
        var altitude = Metres(data.Word());
        var size = data.IsAtEnd ? 100 : Metres(data.Word());
        var horizontal = data.IsAtEnd ? 1_000_000 : Metres(data.Word());
        var vertical = data.IsAtEnd ? 1000 : Metres(data.Word());
        return altitude is >= -SeaLevel and <= uint.MaxValue - SeaLevel
            ? new(owner, Short(size), Short(horizontal), Short(vertical), (uint)(Middle + latitude), (uint)(Middle + longitude), (uint)(altitude + SeaLevel))
            : throw new FormatException("No place is that high or low.");
    }

    internal override void WriteData(DnsWriter writer)
    {
        writer.U8(0);
        writer.U8(_size);
        writer.U8(_horizontal);
        writer.U8(_vertical);
        writer.U32(_latitude);
        writer.U32(_longitude);
        writer.U32(_altitude);
    }

    internal override StringBuilder PrintData(StringBuilder text)
    {
        Print(text, _latitude, 'N', 'S').Append(' ');
        Print(text, _longitude, 'E', 'W');
        var altitude = (long)_altitude - SeaLevel;
        text.Append(altitude < 0 ? " -" : " ").Append(CultureInfo.InvariantCulture, $"{Math.Abs(altitude) / 100}.{Math.Abs(altitude) % 100:D2}m");
        foreach (var length in (ReadOnlySpan<byte>)[_size, _horizontal, _vertical])
        {
            var centimetres = Long(length);
            text.Append(' ').Append(CultureInfo.InvariantCulture, $"{centimetres / 100}").Append((length & 15) >= 2 ? "" : $".{centimetres % 100:D2}").Append('m');
        }

        return text;
    }

    private static StringBuilder Print(StringBuilder text, uint angle, char positive, char negative)
    {
        var value = Math.Abs((long)angle - Middle);
        return text.Append(CultureInfo.InvariantCulture, $"{value / Degree} {value / 60_000 % 60} {value / Second % 60}.{value % Second:D3} ")
            .Append(angle >= Middle ? positive : negative);
    }

    private static long Angle(DnsTokens data, string positive, string negative, int most)
    {
        var (sum, unit) = (0m, (decimal)Degree);
        for (var parts = 0; parts <= 3; parts++)
        {
            var word = data.Word();
            var isNegative = word.Equals(negative, StringComparison.OrdinalIgnoreCase);
            if (parts > 0 && (isNegative || word.Equals(positive, StringComparison.OrdinalIgnoreCase)))
            {
                return sum <= most * Degree ? (long)(isNegative ? -sum : sum) : throw new FormatException($"No angle is wider than {most} degrees here.");
            }

            sum += Number(word) * unit;
            unit /= 60;
        }

        throw new FormatException($"An angle of up to three numbers ends with {positive} or {negative}.");
    }

    private static decimal Number(string word) =>
        decimal.TryParse(word, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number is > -100_000_000 and < 100_000_000
            ? number : throw new FormatException($"'{word}' is no number.");

    private static long Metres(string word) => (long)(Number(word.TrimEnd('m', 'M')) * 100);

    // RFC 1876, section 2: a digit and a power of ten, of centimetres.
    private static byte Short(long centimetres)
    {
        var power = 0;
        while (centimetres >= 10 && power < 9)
        {
            (centimetres, power) = (centimetres / 10, power + 1);
        }

        return centimetres is >= 0 and < 10 ? (byte)((centimetres << 4) | (uint)power) : throw new FormatException("No length is that long or short.");
    }

    private static long Long(byte length) => (length >> 4) * (long)Math.Pow(10, length & 15);

    private static byte Digits(byte length) => (length >> 4) <= 9 && (length & 15) <= 9 ? length
        : throw new ProtocolException($"A LOC record has the length {length:x2}, of which one half is no digit.");
}
