using System.Net;
using System.Net.Sockets;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Where to: an endpoint that is dialled as it is, or a host whose addresses are to be found first.</summary>
internal sealed class Destination(EndPoint endPoint)
{
    /// <summary>The endpoints to try, in the order to try them; at least one.</summary>
    public IObservable<IReadOnlyList<EndPoint>> Find(INetwork network) => endPoint is DnsEndPoint named
        ? network.Resolve(named.Host).Select(addresses => Each(addresses, named))
        : Observable.Return<IReadOnlyList<EndPoint>>([endPoint]);

    public override string ToString() => EndPoints.Text(endPoint);

    /// <summary>The families take turns, beginning with that of the first address, so that a broken one costs one delay (RFC 8305, section 4).</summary>
    internal static IEnumerable<IPAddress> TakingTurns(IEnumerable<IPAddress> addresses) => addresses.Distinct()
        .GroupBy(static address => address.AddressFamily)
        .SelectMany(static family => family.Select(static (address, turn) => (address, turn)))
        .OrderBy(static place => place.turn)
        .Select(static place => place.address);

    private static EndPoint[] Each(IReadOnlyList<IPAddress> addresses, DnsEndPoint named) => addresses.Count > 0
        ? [.. TakingTurns(addresses).Select(address => new IPEndPoint(address, named.Port))]
        : throw ConnectionException.NotFound(named.Host, SocketError.NoData);
}
