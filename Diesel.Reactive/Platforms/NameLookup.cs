using System.Net;
using System.Net.Sockets;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Asks the system for the addresses of a host.</summary>
internal sealed class NameLookup(IHub hub)
{
    public IObservable<IReadOnlyList<IPAddress>> Resolve(string host) => Observable.Create<IReadOnlyList<IPAddress>>(observer =>
        OffHub.Run(hub, observer, cancellation => FindAsync(host, cancellation)));

    private static async Task<IReadOnlyList<IPAddress>> FindAsync(string host, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return [address];
        }

        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
        }
        catch (SocketException error)
        {
            throw SocketErrors.NotFound(host, error);
        }
    }
}
