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

    /// <summary>Follows a host: where its addresses are, now and as they change.</summary>
    /// <param name="hub">Whose resolver is asked.</param>
    /// <param name="host">A name; of an address in text there is nothing to follow, it is told once.</param>
    /// <param name="port">1 to 65535: the endpoints'.</param>
    /// <param name="options">How often it asks; null for the defaults.</param>
    /// <returns>Cold: each subscription asks at once, and again when the first of the addresses has lived its time. The endpoints in the resolver's order,
    /// at least one, as often as they are others than before. Never completes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="hub"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="host"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    /// <remarks>For what lives longer than an address: <c>hub.Follow("db", 5432).Subscribe(pool.Retarget)</c>. A lookup that fails leaves what was known in
    /// force and is made again after a while; the first of a row shows in the hub's errors. Errors: <see cref="ObjectDisposedException"/> when the
    /// hub ends. Scheduler: the hub.</remarks>
    public static IObservable<IReadOnlyList<EndPoint>> Follow(this Hub hub, string host, int port, FollowOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(hub);
        var name = (DnsEndPoint)EndPoints.Remote(host, port);
        return Observable.Create<IReadOnlyList<EndPoint>>(observer => new NameWatch(hub, name, options ?? FollowOptions.Default, observer).Begin());
    }

    internal static INameResolver Names(this Hub hub) => hub.Resolver ?? hub.Network.Names;
}
