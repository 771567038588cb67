using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Diesel.Reactive.AspNetCore;

/// <summary>Where a server is to listen, and then where it does.</summary>
internal sealed class ServerAddresses : IServerAddressesFeature
{
    public ICollection<string> Addresses { get; } = new List<string>();

    public bool PreferHostingUrls { get; set; }

    public void Become(IEnumerable<string> addresses)
    {
        Addresses.Clear();
        foreach (var address in addresses)
        {
            Addresses.Add(address);
        }
    }
}
