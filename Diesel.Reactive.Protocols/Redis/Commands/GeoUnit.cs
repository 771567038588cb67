namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A unit of lengths.</summary>
public enum GeoUnit
{
    /// <summary>Metres.</summary>
    Meters,

    /// <summary>Kilometres.</summary>
    Kilometers,

    /// <summary>Miles.</summary>
    Miles,

    /// <summary>Feet.</summary>
    Feet,
}

/// <summary>What the server calls them.</summary>
internal static class GeoUnitWords
{
    private static readonly Bytes[] Known = ["M", "KM", "MI", "FT"];

    public static Bytes Word(this GeoUnit unit) => Known[(int)unit];
}
