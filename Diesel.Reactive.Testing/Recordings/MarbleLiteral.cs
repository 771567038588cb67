using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>What a spelling means by itself, for the types that have such a meaning.</summary>
internal static class MarbleLiteral
{
    public static bool TryRead<T>(MarbleSpelling spelling, [MaybeNullWhen(false)] out T value)
    {
        (value, var has) = Read(spelling, typeof(T)) is T read ? (read, true) : (default, false);
        return has;
    }

    private static object? Read(MarbleSpelling spelling, Type type)
    {
        if (type == typeof(ReadOnlyMemory<byte>)) return spelling.Bytes;
        if (type == typeof(byte[])) return spelling.Bytes.ToArray();
        if (spelling.Kind == MarbleSpellingKind.Hex) return null;
        if (type == typeof(string)) return spelling.Text;
        if (spelling.Text is not [var only] || type.IsEnum) return null;
        if (type == typeof(char)) return only;
        return char.IsAsciiDigit(only) && Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal
            ? Convert.ChangeType(only - '0', type, CultureInfo.InvariantCulture) : null;
    }
}
