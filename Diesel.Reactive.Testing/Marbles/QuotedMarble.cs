using System.Buffers;
using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Testing;

/// <summary>A text between quotes, with escapes: <c>'GET /\r\n'</c>.</summary>
internal sealed class QuotedMarble(MarbleCursor cursor)
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private readonly StringBuilder _text = new();
    private readonly List<byte> _bytes = [];
    private int _encoded;

    public MarbleSpelling Read()
    {
        _text.Clear();
        _bytes.Clear();
        _encoded = 0;
        for (var begin = cursor.At++; cursor.Current != '\''; cursor.At++)
        {
            if (cursor.AtEnd || cursor.Current is '\r' or '\n')
                throw cursor.Error(begin, @"The quote is not closed on its line: write ' behind the text, and a line end as \n (in C#, in a verbatim string: @""'a\n'"").");
            if (cursor.Current == '\\') Escape();
            else _text.Append(cursor.Current);
        }

        cursor.At++;
        Encode();
        return MarbleSpelling.Quoted(_text.ToString(), _bytes.ToArray());
    }

    private void Escape()
    {
        var column = cursor.At++;
        if (cursor.Current == 'x') Byte(column);
        else _text.Append(cursor.Current switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '0' => '\0',
            '\'' => '\'',
            '\\' => '\\',
            'u' => Number(column, 4, @"Behind \u come four hexadecimal digits: write \u200b for a zero width space."),
            _ =>
                throw cursor.Error(column, @"The escape is unknown: write \n \r \t \0 \' \\ \xHH or \uHHHH, and a backslash as \\."),
        });
    }

    // Such a byte stands for itself, not for the character's UTF-8.
    private void Byte(int column)
    {
        var value = Number(column, 2, @"Behind \x come two hexadecimal digits: write \x0a for the byte 10.");
        Encode();
        _text.Append(value);
        _bytes.Add((byte)value);
        _encoded = _text.Length;
    }

    private char Number(int column, int length, string problem)
    {
        var digits = cursor.Text.AsSpan(cursor.At + 1);
        if (digits.Length < length || digits[..length].ContainsAnyExcept(HexDigits)) throw cursor.Error(column, problem);
        cursor.At += length;
        return (char)ushort.Parse(digits[..length], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    private void Encode()
    {
        _bytes.AddRange(Encoding.UTF8.GetBytes(_text.ToString(_encoded, _text.Length - _encoded)));
        _encoded = _text.Length;
    }
}
