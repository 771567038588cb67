using System.Net;
using System.Net.Sockets;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Asks the system for the addresses of a host. It keeps their lifetimes to itself.</summary>
internal sealed class SystemNames(IHub hub) : INameResolver
{
    public IObservable<ResolvedAddress> Resolve(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return Observable.Create<IPAddress[]>(observer => OffHub.Run(hub, observer, cancellation => FindAsync(host, cancellation)))
            .SelectMany(static addresses => addresses, static (_, address) => new ResolvedAddress(address));
    }

    public override string ToString() => "the system's resolver";

    private static async Task<IPAddress[]> FindAsync(string host, CancellationToken cancellation)
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
