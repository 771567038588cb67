using System.Net;

namespace Diesel.Reactive;

/// <summary>How a <see cref="UdpService"/> binds, and what bounds it.</summary>
public record UdpServiceOptions : UdpOptions
{
    /// <summary>The address to bind to; default: all IPv4 addresses of the machine.</summary>
    public IPAddress Address { get; init; } = IPAddress.Any;

    /// <summary>Called, on the thread of <c>Start</c>, with the endpoint once it receives: tells the port when 0 was asked
    /// for.</summary>
    public Action<EndPoint>? Listening { get; init; }

    internal static new UdpServiceOptions Default { get; } = new();
}
