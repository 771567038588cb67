using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Testing;

/// <summary>How many columns of a terminal a text takes.</summary>
internal static class DisplayWidth
{
    // Source: Unicode Standard Annex 11, the ranges of wide characters, rounded outwards.
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115f), (0x2e80, 0x303e), (0x3041, 0xa4cf), (0xac00, 0xd7a3), (0xf900, 0xfaff), (0xfe30, 0xfe4f),
        (0xff00, 0xff60), (0xffe0, 0xffe6), (0x1f300, 0x1f64f), (0x1f680, 0x1f6ff), (0x1f900, 0x1faff), (0x20000, 0x3fffd),
    ];

    public static int Of(string text)
    {
        if (Ascii.IsValid(text)) return text.Length;
        var width = 0;
        for (var at = 0; at < text.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(text, at);
            width += Rune.TryGetRuneAt(text, at, out var rune) && Wide.Any(range => range.First <= rune.Value && rune.Value <= range.Last) ? 2 : 1;
            at += length;
        }

        return width;
    }
}
