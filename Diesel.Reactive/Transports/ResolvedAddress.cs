using System.Net;

namespace Diesel.Reactive;

/// <summary>One address of a host.</summary>
/// <param name="Address">IPv4 or IPv6.</param>
/// <param name="TimeToLive">For how long it may be remembered; zero: not at all; null: whoever told it does not know.</param>
/// <remarks>Source: RFC 1035, section 3.2.1, whose TTL is a 32-bit number of seconds.</remarks>
public readonly record struct ResolvedAddress(IPAddress Address, TimeSpan? TimeToLive = null)
{
    /// <summary>The address, and how long it lives.</summary>
    public override string ToString() => TimeToLive is { } alive ? $"{Address} for {alive}" : $"{Address}";
}
