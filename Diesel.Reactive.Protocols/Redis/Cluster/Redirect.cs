using System.Globalization;
using System.Net;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Where a server sends whoever asked it: <c>MOVED slot host:port</c>, <c>ASK slot host:port</c>.</summary>
/// <param name="Slot">Of what was asked for.</param>
/// <param name="To">Whom to ask; null: a server that the one that says so does not know how to reach.</param>
internal readonly record struct Redirect(int Slot, EndPoint? To)
{
    /// <summary>Reads one.</summary>
    /// <param name="no">What the server said.</param>
    /// <param name="from">The server: it means itself by an empty host.</param>
    /// <returns>Null: it is none.</returns>
    public static Redirect? Of(RedisErrorException no, EndPoint from)
    {
        var words = no.Message.Split(' ');
        if (words is not ["MOVED" or "ASK", var slot, var place, ..] || !int.TryParse(slot, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= KeySlot.Count)
        {
            return null;
        }

        // An IPv6 address has colons of its own.
        var colon = place.LastIndexOf(':');
        return colon < 0 || !ushort.TryParse(place.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0
            ? null
            : new(number, place[..colon] == "?" ? null : PlaceOf(place[..colon], port, from));
    }

    /// <summary>A host's port.</summary>
    /// <param name="host">Empty: that of who said so.</param>
    /// <param name="port">Its port.</param>
    /// <param name="from">Who said so.</param>
    public static EndPoint PlaceOf(string host, int port, EndPoint from) => new DnsEndPoint(host.Length > 0 ? host : from switch
    {
        DnsEndPoint name => name.Host,
        IPEndPoint address => $"{address.Address}",
        _ => "localhost",
    }, port);
}
