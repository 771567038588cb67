namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A place on the earth.</summary>
/// <param name="Longitude">Degrees, east is positive; from -180 to 180.</param>
/// <param name="Latitude">Degrees, north is positive; from -85.05112878 to 85.05112878.</param>
public readonly record struct GeoPosition(double Longitude, double Latitude)
{
    internal static GeoPosition? Read(RespValue value) =>
        value.IsNull ? null
        : value.ToItems() is [var longitude, var latitude] ? new(longitude.ToDouble(), latitude.ToDouble())
        : throw new ProtocolException("A reply arrived that is no place.");
}
