using System.Net;

namespace Diesel.Reactive;

/// <summary>How to listen.</summary>
public record TcpListenOptions : ConnectionOptions
{
    /// <summary>Called, on the subscriber's thread, with the endpoint once it listens: tells the port when 0 was asked for.</summary>
    public Action<EndPoint>? Listening { get; init; }

    internal static TcpListenOptions Default { get; } = new();
}
