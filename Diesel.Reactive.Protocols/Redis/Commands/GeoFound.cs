namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A member that was found.</summary>
/// <param name="Member">Which.</param>
/// <param name="Distance">How far from the center, in the unit of the area.</param>
/// <param name="Position">Where it is.</param>
/// <param name="Hash">Its place as the server sorts it, 52 bits.</param>
public readonly record struct GeoFound(Bytes Member, double Distance, GeoPosition Position, long Hash)
{
    // WITHCOORD WITHDIST WITHHASH, which are answered in another order.
    internal static GeoFound Read(RespValue value) => value.ToItems() is [var member, var distance, var hash, var place] && GeoPosition.Read(place) is { } position
        ? new(member.ToBytes(), distance.ToDouble(), position, hash.ToInt64())
        : throw new ProtocolException("A reply arrived that is no member with its place.");
}
