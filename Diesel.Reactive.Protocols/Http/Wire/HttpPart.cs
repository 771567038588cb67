namespace Diesel.Reactive.Protocols.Http;

/// <summary>A part of a message, as the bytes come: its head, then its body in pieces.</summary>
/// <param name="Kind">Which part.</param>
/// <param name="Bytes">The head; some of the body, without what frames it; or the trailers' lines.</param>
/// <param name="IsLast">Whether the message ends with it. One whose body ends with the connection has no last part.</param>
public readonly record struct HttpPart(HttpPartKind Kind, ReadOnlyMemory<byte> Bytes, bool IsLast)
{
    /// <summary>The kind and how many bytes.</summary>
    public override string ToString() => $"{Kind} of {Bytes.Length} bytes{(IsLast ? ", the last" : "")}";
}
