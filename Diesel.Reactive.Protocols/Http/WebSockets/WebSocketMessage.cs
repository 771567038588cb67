using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>A message: text, or bytes. A value that never changes.</summary>
public readonly struct WebSocketMessage : IEquatable<WebSocketMessage>
{
    private WebSocketMessage(ReadOnlyMemory<byte> bytes, bool isText) => (Bytes, IsText) = (bytes, isText);

    /// <summary>Whether it is text; bytes otherwise.</summary>
    public bool IsText { get; }

    /// <summary>As it is sent: text as UTF-8. May be empty.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>As a string, made when it is asked for; of bytes, what they are as UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    /// <summary>A message of text.</summary>
    /// <param name="text">May be empty. A lone surrogate is no character, and becomes U+FFFD.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static implicit operator WebSocketMessage(string text) => Of(text);

    /// <summary>A message of bytes.</summary>
    /// <param name="bytes">Must not change afterwards.</param>
    public static implicit operator WebSocketMessage(ReadOnlyMemory<byte> bytes) => Of(bytes);

    /// <summary>A message of bytes.</summary>
    /// <param name="bytes">Must not change afterwards.</param>
    public static implicit operator WebSocketMessage(byte[] bytes) => Of(bytes);

    /// <summary>A message of text.</summary>
    /// <param name="text">May be empty. A lone surrogate is no character, and becomes U+FFFD.</param>
    /// <returns>The message.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static WebSocketMessage Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(Encoding.UTF8.GetBytes(text), isText: true);
    }

    /// <summary>A message of bytes.</summary>
    /// <param name="bytes">Must not change afterwards.</param>
    /// <returns>The message.</returns>
    public static WebSocketMessage Of(ReadOnlyMemory<byte> bytes) => new(bytes, isText: false);

    /// <summary>A message of text that is UTF-8 already.</summary>
    /// <param name="utf8">Must not change afterwards.</param>
    /// <returns>The message.</returns>
    /// <exception cref="ArgumentException">It is not UTF-8: the peer would end the connection.</exception>
    public static WebSocketMessage OfText(ReadOnlyMemory<byte> utf8) => Utf8.IsValid(utf8.Span) ? new(utf8, isText: true)
        : throw new ArgumentException("This is not UTF-8, as text is: send it as bytes.", nameof(utf8));

    /// <summary>Whether they are the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">Another.</param>
    public static bool operator ==(WebSocketMessage left, WebSocketMessage right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">Another.</param>
    public static bool operator !=(WebSocketMessage left, WebSocketMessage right) => !left.Equals(right);

    /// <summary>The same backwards: text by what a reader takes for its characters, bytes one by one.</summary>
    /// <returns>Another message of the same kind.</returns>
    public WebSocketMessage Reverse()
    {
        if (!IsText)
        {
            var bytes = Bytes.ToArray();
            Array.Reverse(bytes);
            return Of(bytes);
        }

        var text = Text;
        var starts = StringInfo.ParseCombiningCharacters(text);
        var reversed = new StringBuilder(text.Length);
        for (var (at, end) = (starts.Length - 1, text.Length); at >= 0; end = starts[at--])
        {
            reversed.Append(text, starts[at], end - starts[at]);
        }

        return Of(reversed.ToString());
    }

    /// <inheritdoc/>
    public bool Equals(WebSocketMessage other) => IsText == other.IsText && Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is WebSocketMessage other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }

    /// <summary>The text, or how many bytes.</summary>
    public override string ToString() => IsText ? Text : $"{Bytes.Length} bytes";

    /// <summary>One that was received, and checked on its way.</summary>
    internal static WebSocketMessage Checked(ReadOnlyMemory<byte> bytes, bool isText) => new(bytes, isText);
}
