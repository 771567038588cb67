using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>One header field or trailer: slices of the message it came in.</summary>
/// <param name="NameBytes">A token; upper and lower case are the same.</param>
/// <param name="ValueBytes">Without the white space around it; may be empty.</param>
public readonly record struct HttpField(ReadOnlyMemory<byte> NameBytes, ReadOnlyMemory<byte> ValueBytes)
{
    /// <summary>The name as it was written; a new string each time.</summary>
    public string Name => Encoding.ASCII.GetString(NameBytes.Span);

    /// <summary>The value as text in UTF-8; a new string each time.</summary>
    public string Value => Encoding.UTF8.GetString(ValueBytes.Span);

    /// <summary>Whether it has this name.</summary>
    /// <param name="name">In any case.</param>
    public bool Is(ReadOnlySpan<char> name) => Ascii.EqualsIgnoreCase(NameBytes.Span, name);

    /// <summary>As it stands in a message.</summary>
    public override string ToString() => $"{Name}: {Value}";
}
