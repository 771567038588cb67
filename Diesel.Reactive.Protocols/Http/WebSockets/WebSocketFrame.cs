namespace Diesel.Reactive.Protocols.Http;

/// <summary>A frame, unmasked (RFC 6455 §5.2).</summary>
/// <param name="Opcode">What it is.</param>
/// <param name="Payload">At most 125 bytes of a control frame.</param>
/// <param name="IsFinal">FIN: whether its message ends with it.</param>
/// <param name="IsCompressed">RSV1: whether its message is compressed (RFC 7692 §6); on a message's first frame only.</param>
public readonly record struct WebSocketFrame(WebSocketOpcode Opcode, ReadOnlyMemory<byte> Payload, bool IsFinal = true, bool IsCompressed = false)
{
    /// <summary>Whether it may stand between the frames of a message, and is whole by itself.</summary>
    public bool IsControl => Opcode >= WebSocketOpcode.Close;

    /// <summary>Its kind and how many bytes.</summary>
    public override string ToString() => $"{Opcode} of {Payload.Length} bytes{(IsCompressed ? ", compressed" : "")}{(IsFinal ? "" : ", to be continued")}";
}
