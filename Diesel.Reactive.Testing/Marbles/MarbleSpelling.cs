namespace Diesel.Reactive.Testing;

/// <summary>How a diagram writes one value: a name, a text between quotes, or bytes in hexadecimal.</summary>
/// <remarks>Two spellings are equal when they are written in the same way and mean the same bytes.</remarks>
public sealed class MarbleSpelling : IEquatable<MarbleSpelling>
{
    private readonly string? _text;

    private MarbleSpelling(MarbleSpellingKind kind, string? text, ReadOnlyMemory<byte> bytes) => (Kind, _text, Bytes) = (kind, text, bytes);

    /// <summary>Which of the three ways it is.</summary>
    public MarbleSpellingKind Kind { get; }

    /// <summary>The name, or the text without its quotes; bytes are shown as they are written, without the brackets.</summary>
    public string Text => _text ?? Convert.ToHexStringLower(Bytes.Span);

    /// <summary>What it means on a row of bytes: UTF-8 of the name or text, <c>\xHH</c> being that byte; or the bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>A name: one character as a reader sees it.</summary>
    /// <param name="name">One grapheme cluster that the grammar does not reserve.</param>
    public static MarbleSpelling Name(string name) => new(MarbleSpellingKind.Name, name, System.Text.Encoding.UTF8.GetBytes(name));

    /// <summary>A text between quotes.</summary>
    /// <param name="text">Its characters.</param>
    /// <param name="bytes">Its bytes, where an escape made them differ from UTF-8; null: UTF-8.</param>
    public static MarbleSpelling Quoted(string text, ReadOnlyMemory<byte>? bytes = null) =>
        new(MarbleSpellingKind.Quoted, text, bytes ?? System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Bytes in hexadecimal.</summary>
    /// <param name="bytes">Any number; may be empty.</param>
    public static MarbleSpelling Hex(ReadOnlyMemory<byte> bytes) => new(MarbleSpellingKind.Hex, null, bytes);

    /// <summary>Bytes in hexadecimal that a repetition made.</summary>
    internal static MarbleSpelling Repeated(byte[] bytes) => new(MarbleSpellingKind.Hex, null, bytes) { RepeatedBytes = bytes.Length };

    /// <summary>How many bytes a repetition made for it: memory that the length of the text does not bound.</summary>
    internal int RepeatedBytes { get; private init; }

    /// <inheritdoc/>
    public bool Equals(MarbleSpelling? other) =>
        other is not null && Kind == other.Kind && _text == other._text && Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MarbleSpelling);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, _text, Bytes.Length);

    /// <summary>As a diagram's author would write it, before escapes.</summary>
    public override string ToString() => Kind switch
    {
        MarbleSpellingKind.Name => Text,
        MarbleSpellingKind.Quoted => $"'{Text}'",
        _ => $"<{Text}>",
    };
}
