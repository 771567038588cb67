using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Protocols;

/// <summary>Bytes of a user: a key, a value, an argument. Texts and numbers become bytes by themselves.</summary>
/// <remarks>Equal when their content is. Nothing is copied: memory that is handed over must not change afterwards. What a client
/// received may be kept; a small value kept for long holds the block it came in, so keep <see cref="ToArray"/> of it then.</remarks>
public readonly struct Bytes : IEquatable<Bytes>, IComparable<Bytes>
{
    private const int LongestNumber = 32;

    /// <summary>Takes bytes.</summary>
    /// <param name="memory">May be empty; must not change afterwards.</param>
    public Bytes(ReadOnlyMemory<byte> memory) => Memory = memory;

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Memory { get; }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => Memory.Span;

    /// <summary>How many.</summary>
    public int Length => Memory.Length;

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => Memory.IsEmpty;

    /// <summary>Text as UTF-8.</summary>
    /// <param name="text">May be empty.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static implicit operator Bytes(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>An array, which must not change afterwards.</summary>
    /// <param name="bytes">May be empty.</param>
    /// <exception cref="ArgumentNullException"><paramref name="bytes"/> is null.</exception>
    public static implicit operator Bytes(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return new(bytes);
    }

    /// <summary>Memory, which must not change afterwards.</summary>
    /// <param name="memory">May be empty.</param>
    public static implicit operator Bytes(ReadOnlyMemory<byte> memory) => new(memory);

    /// <summary>The bytes as memory.</summary>
    /// <param name="bytes">Any.</param>
    public static implicit operator ReadOnlyMemory<byte>(Bytes bytes) => bytes.Memory;

    /// <summary>A character as UTF-8.</summary>
    /// <param name="character">No half of a pair.</param>
    public static implicit operator Bytes(char character) => character.ToString();

    /// <summary>A number in decimal digits.</summary>
    /// <param name="number">Any.</param>
    public static implicit operator Bytes(int number) => Formatted(number);

    /// <summary>A number in decimal digits.</summary>
    /// <param name="number">Any.</param>
    public static implicit operator Bytes(uint number) => Formatted(number);

    /// <summary>A number in decimal digits.</summary>
    /// <param name="number">Any.</param>
    public static implicit operator Bytes(long number) => Formatted(number);

    /// <summary>A number in decimal digits.</summary>
    /// <param name="number">Any.</param>
    public static implicit operator Bytes(ulong number) => Formatted(number);

    /// <summary>A number with a decimal point, the shortest text that gives it back.</summary>
    /// <param name="number">Any; infinite ones are written out.</param>
    public static implicit operator Bytes(float number) => Formatted(number);

    /// <summary>A number with a decimal point, the shortest text that gives it back.</summary>
    /// <param name="number">Any; infinite ones are written out.</param>
    public static implicit operator Bytes(double number) => Formatted(number);

    /// <summary>A number with a decimal point.</summary>
    /// <param name="number">Any.</param>
    public static implicit operator Bytes(decimal number) => Formatted(number);

    /// <summary>Whether the content is the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(Bytes left, Bytes right) => left.Equals(right);

    /// <summary>Whether the content differs.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(Bytes left, Bytes right) => !left.Equals(right);

    /// <summary>Whether one comes before the other, byte by byte.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator <(Bytes left, Bytes right) => left.CompareTo(right) < 0;

    /// <summary>Whether one comes behind the other, byte by byte.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator >(Bytes left, Bytes right) => left.CompareTo(right) > 0;

    /// <summary>Whether one comes not behind the other, byte by byte.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator <=(Bytes left, Bytes right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one comes not before the other, byte by byte.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator >=(Bytes left, Bytes right) => left.CompareTo(right) >= 0;

    /// <summary>Reads them as text.</summary>
    /// <param name="encoding">UTF-8 when null. What is no text is replaced as the encoding says.</param>
    /// <returns>The text.</returns>
    public string ToText(Encoding? encoding = null) => (encoding ?? Encoding.UTF8).GetString(Span);

    /// <summary>Reads them as a whole number.</summary>
    /// <returns>The number.</returns>
    /// <exception cref="FormatException">They are no decimal digits, with or without a sign.</exception>
    /// <exception cref="OverflowException">It does not fit.</exception>
    public long ToInt64() => long.Parse(Span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    /// <summary>Reads them as a number with or without a decimal point.</summary>
    /// <returns>The number.</returns>
    /// <exception cref="FormatException">They are no number.</exception>
    public double ToDouble() => double.Parse(Span, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>Copies them: what holds nothing else.</summary>
    /// <returns>A new array.</returns>
    public byte[] ToArray() => Memory.ToArray();

    /// <inheritdoc/>
    public bool Equals(Bytes other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Bytes other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>Compares byte by byte; of two of which one begins with the other, the shorter comes first.</summary>
    /// <param name="other">The other.</param>
    /// <returns>Less than zero: this comes first.</returns>
    public int CompareTo(Bytes other) => Span.SequenceCompareTo(other.Span);

    /// <summary>The text they are in UTF-8.</summary>
    public override string ToString() => ToText();

    private static Bytes Formatted<T>(T number)
        where T : IUtf8SpanFormattable
    {
        Span<byte> text = stackalloc byte[LongestNumber];
        return number.TryFormat(text, out var length, default, CultureInfo.InvariantCulture)
            ? new(text[..length].ToArray())
            : throw new InvalidOperationException($"A {typeof(T).Name} takes more than {LongestNumber} digits.");
    }
}
