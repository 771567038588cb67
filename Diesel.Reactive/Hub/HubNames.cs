using System.Net;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Who finds the addresses of hosts for a hub.</summary>
public static class HubNames
{
    /// <summary>Has a hub's dials ask another resolver from now on.</summary>
    /// <param name="hub">Whose dials.</param>
    /// <param name="resolver">Whom they ask; null: the hub's network, as in the beginning.</param>
    /// <exception cref="ArgumentNullException"><paramref name="hub"/> is null.</exception>
    /// <remarks>Any thread; lookups that are under way go on. What the resolver throws fails the dial that asked. Addresses in text are
    /// dialled without a lookup. To ask another one for some names only, hand the others on to <c>hub.Network.Names</c>.</remarks>
    public static void UseResolver(this Hub hub, INameResolver? resolver)
    {
        ArgumentNullException.ThrowIfNull(hub);
        hub.Resolver = resolver;
    }

    /// <summary>Finds a host's addresses as the hub's dials do.</summary>
    /// <param name="hub">Whose resolver is asked.</param>
    /// <param name="host">A name, or an address in text, which is its own.</param>
    /// <returns>As <see cref="INameResolver.Resolve"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="hub"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="host"/> is empty.</exception>
    public static IObservable<ResolvedAddress> Resolve(this Hub hub, string host)
    {
        ArgumentNullException.ThrowIfNull(hub);
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        return IPAddress.TryParse(host, out var address) ? Observable.Return(new ResolvedAddress(address))
            : Observable.Defer(() => hub.Names().Resolve(host));
    }

    internal static INameResolver Names(this Hub hub) => hub.Resolver ?? hub.Network.Names;
}
