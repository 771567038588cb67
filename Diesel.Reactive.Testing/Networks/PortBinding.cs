using System.Net;

namespace Diesel.Reactive.Testing;

/// <summary>A port of a host that is taken.</summary>
/// <param name="Address">One of the host's, or a wildcard.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Shared">Whether others may take it too, if they share as well.</param>
/// <param name="Owner">Who has it; null for the local port of a dial.</param>
internal sealed record PortBinding(IPAddress Address, int Port, bool Shared, object? Owner)
{
    /// <summary>Whether what comes for an address comes here.</summary>
    public bool Covers(IPAddress address) =>
        Address.Equals(address) || Address.Equals(IPAddress.IPv6Any) || (Address.Equals(IPAddress.Any) && address.AddressFamily == Address.AddressFamily);
}
