using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>Bytes in hexadecimal: <c>&lt;0d 0a&gt;</c>, <c>&lt;00*4096&gt;</c>.</summary>
internal sealed class HexMarble(MarbleCursor cursor)
{
    /// <summary>How many bytes the repetitions of a diagram may make: the others are as many as their digits say.</summary>
    public const int MostBytes = 16 * 1024 * 1024;

    private int _repeated;

    public MarbleSpelling Read()
    {
        var begin = cursor.At++;
        var digits = Digits(begin);
        var count = cursor.Current == '*' ? Count(digits) : 1;
        if (cursor.Current != '>') throw Unexpected(begin);
        cursor.At++;
        if (digits.Length % 2 != 0)
            throw cursor.Error(begin, "A byte is two hexadecimal digits, and here is an odd number of them: write '<0d>' for 13.");
        var unit = Convert.FromHexString(digits);
        return count == 1 ? MarbleSpelling.Hex(unit)
            : unit.Length == 1 && count <= RunOfBytes.Longest ? MarbleSpelling.Hex(RunOfBytes.Of(unit[0], count))
            : Repeated(begin, unit, count);
    }

    private MarbleSpelling Repeated(int begin, byte[] unit, int count)
    {
        if (unit.LongLength * count > MostBytes - _repeated)
            throw cursor.Error(begin, $"The diagram makes more than {MostBytes} bytes with '*': write fewer.");
        var bytes = new byte[unit.Length * count];
        _repeated += bytes.Length;
        for (var i = 0; i < count; i++) unit.CopyTo(bytes, i * unit.Length);
        return MarbleSpelling.Repeated(bytes);
    }

    private string Digits(int begin)
    {
        while (char.IsAsciiHexDigit(cursor.Current) || char.IsWhiteSpace(cursor.Current)) cursor.At++;
        return string.Concat(cursor.Text[(begin + 1)..cursor.At].Where(c => !char.IsWhiteSpace(c)));
    }

    private int Count(string digits)
    {
        var star = cursor.At++;
        if (digits.Length == 0) throw cursor.Error(star, "Nothing is before the '*': write '<00*4096>' for 4096 zeros.");
        while (char.IsAsciiDigit(cursor.Current)) cursor.At++;
        var text = cursor.Text.AsSpan(star + 1, cursor.At - star - 1);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is 0 or > MostBytes)
            throw cursor.Error(star, $"Behind the '*' comes a number from 1 to {MostBytes}: write '<00*4096>' for 4096 zeros.");
        return count;
    }

    private MarbleSyntaxException Unexpected(int begin) => cursor.AtEnd
        ? cursor.Error(begin, "'<' is never closed: write '>' behind the hexadecimal digits.")
        : cursor.Error(cursor.At, $"'{cursor.Current}' is no hexadecimal digit: write bytes as '<0d0a>' or '<00*4096>', and text as 'text'.");
}
