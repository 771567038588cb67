namespace Diesel.Reactive.Protocols.Http;

/// <summary>Some of a message, as it comes.</summary>
/// <param name="IsText">Whether the message is text; a part may end within a character.</param>
/// <param name="Bytes">May be empty, of the last.</param>
/// <param name="IsLast">Whether the message ends with it.</param>
public readonly record struct WebSocketPart(bool IsText, ReadOnlyMemory<byte> Bytes, bool IsLast)
{
    /// <summary>How many bytes of what.</summary>
    public override string ToString() => $"{Bytes.Length} bytes of {(IsText ? "text" : "binary")}{(IsLast ? ", the last" : "")}";
}
