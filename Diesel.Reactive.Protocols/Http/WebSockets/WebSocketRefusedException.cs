using System.Net.WebSockets;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>A peer broke a rule of WebSockets, or went past a limit. It is told so by a Close frame.</summary>
public sealed class WebSocketRefusedException : ProtocolException
{
    /// <summary>Makes one.</summary>
    /// <param name="status">What the peer is told.</param>
    /// <param name="rule">The section that says so: <c>RFC 6455 §5.1</c>.</param>
    /// <param name="reason">What is wrong, as a sentence without its full stop.</param>
    public WebSocketRefusedException(WebSocketCloseStatus status, string rule, string reason)
        : base($"{reason} ({rule}).") => (Status, Rule, Reason) = (status, rule, reason);

    /// <summary>What the peer is told: 1002, 1007 or 1009.</summary>
    public WebSocketCloseStatus Status { get; }

    /// <summary>The section that says so.</summary>
    public string Rule { get; }

    /// <summary>What is wrong.</summary>
    public string Reason { get; }

    /// <summary>Against the protocol: 1002.</summary>
    internal static WebSocketRefusedException Of(string rule, string reason) => new(WebSocketCloseStatus.ProtocolError, rule, reason);
}
