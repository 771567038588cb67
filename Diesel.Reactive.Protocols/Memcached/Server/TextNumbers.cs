using System.Buffers.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>Numbers among the words of a line.</summary>
internal static class TextNumbers
{
    public static bool TryFlags(ReadOnlySpan<byte> word, out uint flags) =>
        Utf8Parser.TryParse(word, out flags, out var used) && used == word.Length && word.Length > 0;

    public static bool TryNumber(ReadOnlySpan<byte> word, out long number) =>
        Utf8Parser.TryParse(word, out number, out var used) && used == word.Length && number is >= int.MinValue and <= uint.MaxValue;

    public static bool TryUnsigned(ReadOnlySpan<byte> word, out ulong number) =>
        Utf8Parser.TryParse(word, out number, out var used) && used == word.Length && word.Length > 0;
}
