namespace Diesel.Reactive.Protocols.Http;

/// <summary>An event of an event stream (WHATWG HTML §9.2).</summary>
/// <param name="Data">Its text; line ends in it become LF.</param>
/// <param name="Type">Which listeners get it in a browser; <c>message</c> by default.</param>
/// <param name="Id">Where a client that comes back goes on, as its <c>Last-Event-ID</c>. Of one that was received: the last that was said. Null:
/// none.</param>
/// <param name="Retry">How long the client is to wait before it comes back. Null: as before.</param>
public readonly record struct ServerSentEvent(string Data, string Type = "message", string? Id = null, TimeSpan? Retry = null)
{
    /// <summary>An event that is nothing but text.</summary>
    /// <param name="data">The text.</param>
    public static implicit operator ServerSentEvent(string data) => Of(data);

    /// <summary>An event that is nothing but text.</summary>
    /// <param name="data">The text.</param>
    /// <returns>The event.</returns>
    public static ServerSentEvent Of(string data) => new(data);

    /// <summary>Type and text.</summary>
    public override string ToString() => $"{Type}: {Data}";
}
