using System.Net;

namespace Diesel.Reactive;

/// <summary>How a <see cref="UdpService"/> binds, and what bounds it.</summary>
public record UdpServiceOptions : UdpOptions
{
    /// <summary>The address to bind to; default: all IPv4 addresses of the machine.</summary>
    public IPAddress Address { get; init; } = IPAddress.Any;

    internal static new UdpServiceOptions Default { get; } = new();
}
