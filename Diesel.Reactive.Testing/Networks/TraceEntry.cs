namespace Diesel.Reactive.Testing;

/// <summary>One thing that happened on a <see cref="VirtualNetwork"/>.</summary>
/// <param name="At">When, from the network's instant zero.</param>
/// <param name="Kind">What.</param>
/// <param name="Link">Where: <c>client→server</c>, or a host's name.</param>
/// <param name="Connection">The number, from 1, of the connection in order of the dials; 0 for datagrams and faults.</param>
/// <param name="Bytes">What crossed; empty where nothing did.</param>
/// <param name="Note">The endpoint that was dialled, or from which, the error an end was told, or the fault's kind; else empty.</param>
public sealed record TraceEntry(TimeSpan At, TraceKind Kind, string Link, int Connection, ReadOnlyMemory<byte> Bytes, string Note)
{
    /// <summary>One line: instant, link, connection, what happened, and the bytes as a diagram spells them.</summary>
    public override string ToString() => string.Join(' ', Words().Where(static word => word.Length > 0));

    /// <summary>Quoted where it is text, else in hexadecimal.</summary>
    internal MarbleSpelling Spelling => Note.Length > 0 ? MarbleSpelling.Quoted(Note) : BytesText.Spell(Bytes);

    private string[] Words() =>
    [
        At.ToString("c", System.Globalization.CultureInfo.InvariantCulture),
        Link,
        Connection > 0 ? $"#{Connection}" : "",
        Kind.ToString(),
        HasBytes || Note.Length > 0 ? Escaped($"{Spelling}") : "",
    ];

    private static string Escaped(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\r", "\\r", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\t", "\\t", StringComparison.Ordinal);

    private bool HasBytes => Kind is TraceKind.Sent or TraceKind.Received
        or TraceKind.DatagramSent or TraceKind.DatagramReceived or TraceKind.DatagramLost or TraceKind.DatagramDuplicated or TraceKind.DatagramHeldBack;
}
