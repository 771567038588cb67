using System.Buffers;
using System.Globalization;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Numbers with a decimal point, as RESP3 writes them: <c>inf</c>, <c>-inf</c>, <c>nan</c>, and decimal ones with or without an
/// exponent.</summary>
internal static class RespDouble
{
    private static readonly SearchValues<byte> OfNumbers = SearchValues.Create("0123456789+-.eE"u8);

    public static string Text(double number) =>
        double.IsNaN(number) ? "nan" : double.IsPositiveInfinity(number) ? "inf" : double.IsNegativeInfinity(number) ? "-inf"
            : number.ToString("R", CultureInfo.InvariantCulture);

    public static bool TryParse(ReadOnlySpan<byte> text, out double number)
    {
        number = text.SequenceEqual("inf"u8) || text.SequenceEqual("+inf"u8) ? double.PositiveInfinity
            : text.SequenceEqual("-inf"u8) ? double.NegativeInfinity
            : double.NaN;
        return !double.IsNaN(number) || text.SequenceEqual("nan"u8)
            || (text.IndexOfAnyExcept(OfNumbers) < 0 && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number));
    }
}
