namespace Diesel.Reactive.Protocols.Http;

/// <summary>What a frame is (RFC 6455 §5.2).</summary>
public enum WebSocketOpcode
{
    /// <summary>Goes on with the message that is under way.</summary>
    Continuation = 0,

    /// <summary>A message of text, or its beginning.</summary>
    Text = 1,

    /// <summary>A message of bytes, or its beginning.</summary>
    Binary = 2,

    /// <summary>The last frame that a side sends.</summary>
    Close = 8,

    /// <summary>Asks for a <see cref="Pong"/>.</summary>
    Ping = 9,

    /// <summary>Answers a <see cref="Ping"/>, with its payload.</summary>
    Pong = 10,
}
